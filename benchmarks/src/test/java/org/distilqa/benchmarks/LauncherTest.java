package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher with a java and a mvn that only say how they were called. */
class LauncherTest {
    private static final String JAVA = """
            #!/bin/sh
            for argument in "$@"; do echo "$argument"; done
            """;

    private static final String MAVEN = """
            #!/bin/sh
            echo "mvn $*"
            touch benchmarks/target/distilqa-benchmarks-1.0.jar
            printf a.jar:b.jar > benchmarks/target/classpath
            """;

    private static final String LIBRARY = "multiply_adds.so";

    private static final String COMPILER = """
            #!/bin/sh
            while [ "$1" != -o ]; do shift; done
            touch "$2"
            """;

    @TempDir
    private Path directory;

    private Path clone;
    private Path target;

    /** What a run of the launcher gave. */
    private record Outcome(int status, List<String> out, List<String> err) {}

    @BeforeEach
    void copy() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash on this machine");
        directory = directory.toRealPath();
        clone = directory.resolve("a clone");
        target = Files.createDirectories(clone.resolve("benchmarks/target"));
        Files.createDirectories(clone.resolve("core/src/main"));
        Files.createFile(clone.resolve("pom.xml"));
        Files.createFile(clone.resolve("core/pom.xml"));
        Files.copy(Path.of("run"), clone.resolve("benchmarks/run"));
        script(directory.resolve("jdk/bin/java"), JAVA);
        script(directory.resolve("bin/mvn"), MAVEN);
        script(directory.resolve("bin/c++"), COMPILER);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("/bin/bash", clone.resolve("benchmarks/run").toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        directory.resolve("bin") + ":" + System.getenv("PATH"),
                        "JAVA_HOME",
                        directory.resolve("jdk").toString()));
        builder.environment().remove("DISTILQA_JAVA_OPTS");
        int status = builder.start().waitFor();
        return new Outcome(
                status,
                Files.readAllLines(out, StandardCharsets.UTF_8),
                Files.readAllLines(err, StandardCharsets.UTF_8));
    }

    @Test
    void buildsWithPyTorchsLibrariesAndStartsTheProgram() throws Exception {
        Outcome outcome = run("--model", "two words");
        assertThat(outcome.status()).as(outcome.err().toString()).isZero();
        assertThat(outcome.err()).first().isEqualTo("benchmarks: building");
        assertThat(outcome.err()).last().asString().startsWith("mvn ").contains("-P run", "-pl benchmarks -am package");
        assertThat(outcome.out())
                .contains("-Ddistilqa.benchmarks.home=" + clone)
                .endsWith(
                        "-cp",
                        target.resolve("distilqa-benchmarks-1.0.jar") + ":a.jar:b.jar",
                        "org.distilqa.benchmarks.Benchmarks",
                        "--model",
                        "two words");
    }

    @Test
    void buildsAgainOnlyWhenASourceHasChanged() throws Exception {
        run("--model", "m");
        assertThat(run("--model", "m").err()).isEmpty();
        Path source = Files.createFile(clone.resolve("core/src/main/New.java"));
        Files.setLastModifiedTime(
                source,
                FileTime.fromMillis(
                        Files.getLastModifiedTime(target.resolve("classpath")).toMillis() + 2000));
        assertThat(run("--model", "m").err()).first().isEqualTo("benchmarks: building");
    }

    @Test
    void measuresWithoutAPeakInOtherPrecisionsWhereNothingCompilesIt() throws Exception {
        assertThat(run("--model", "m").out()).contains("-Ddistilqa.benchmarks.multiplyAdds=" + target.resolve(LIBRARY));
        assertThat(target.resolve(LIBRARY)).exists();
        Files.delete(target.resolve(LIBRARY));
        script(directory.resolve("bin/c++"), "#!/bin/sh\nexit 1\n");
        Outcome outcome = run("--model", "m");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err())
                .singleElement()
                .asString()
                .startsWith("benchmarks: c++ cannot compile multiply_adds.cpp, see ");
        assertThat(outcome.out()).endsWith("org.distilqa.benchmarks.Benchmarks", "--model", "m");
    }

    @Test
    void givesTheStudiesTheModuleOfVectors() throws Exception {
        assertThat(run("joined", "--model", "m").out())
                .contains("--add-modules", "jdk.incubator.vector")
                .endsWith("org.distilqa.benchmarks.Benchmarks", "joined", "--model", "m");
    }

    @Test
    void startsJmh() throws Exception {
        assertThat(run("jmh", "-l").out())
                .contains("--add-modules", "jdk.incubator.vector")
                .endsWith("org.openjdk.jmh.Main", "-l");
    }

    @Test
    void takesTheJdkThatItIsTold() throws Exception {
        script(directory.resolve("other/bin/java"), "#!/bin/sh\necho other\n");
        assertThat(run("--java", directory.resolve("other").toString(), "--model", "m")
                        .out())
                .containsExactly("other");
        Outcome outcome = run("--java", "/nonesuch", "--model", "m");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).containsExactly("benchmarks: there is no bin/java in /nonesuch");
    }

    @Test
    void saysSoIfTheBuildFails() throws Exception {
        script(directory.resolve("bin/mvn"), "#!/bin/sh\nexit 1\n");
        Outcome outcome = run("--model", "m");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).last().isEqualTo("benchmarks: the build failed");
    }
}
