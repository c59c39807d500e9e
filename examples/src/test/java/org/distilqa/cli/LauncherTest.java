package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher with a java and a mvn that only say how they were called. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../distilqa");

    private static final String JAVA = """
            #!/bin/sh
            echo "LC_ALL=$LC_ALL"
            echo "directory=$PWD"
            [ -z "$DISTILQA_TT_LIBRARY" ] || echo "level=$TT_LOGGER_LEVEL inspector=$TT_METAL_INSPECTOR rpc=$TT_METAL_INSPECTOR_RPC"
            [ -z "$TT_LOGGER_FILE" ] || echo "a warning of TT-NN" > "$TT_LOGGER_FILE"
            for argument in "$@"; do
                echo "$argument"
                case $argument in -XX:ArchiveClassesAtExit=*) echo archive > "${argument#*=}" ;; esac
            done
            """;

    private static final String MAVEN = """
            #!/bin/sh
            echo "mvn says hello"
            mkdir -p examples/target
            touch examples/target/distilqa.jar
            """;

    @TempDir
    private Path directory;

    private Path clone;
    private Path jar;

    /** What a run of the launcher gave. */
    private record Outcome(int status, List<String> out, List<String> err) {}

    @BeforeEach
    void copy() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash on this machine");
        directory = directory.toRealPath();
        clone = Files.createDirectories(directory.resolve("a clone"));
        Files.copy(LAUNCHER, clone.resolve("distilqa"));
        jar = clone.resolve("examples/target/distilqa.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        java("17.0.9", "java.base jdk.incubator.vector");
    }

    /** Puts a JDK of this version and with these modules in place. */
    private void java(String version, String modules) throws IOException {
        script(directory.resolve("jdk/bin/java"), JAVA);
        Files.writeString(
                directory.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules + "\"\n");
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/bash", launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("JAVA_HOME", directory.resolve("jdk").toString(), "LC_ALL", "C.UTF-8"));
        builder.environment().keySet().removeAll(List.of("DISTILQA_JAVA_OPTS", "DISTILQA_VECTOR"));
        builder.environment().put("DISTILQA_ARCHIVE", "off");
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        return new Outcome(
                status,
                Files.readAllLines(out, StandardCharsets.UTF_8),
                Files.readAllLines(err, StandardCharsets.UTF_8));
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        return run(clone.resolve("distilqa"), environment, arguments);
    }

    @Test
    void startsTheJarWithTheFlagsThatHelpInTheCallersDirectory() throws Exception {
        Outcome outcome = run(Map.of(), "answer", "--question", "two words", "");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains(
                        "directory=" + directory,
                        "--enable-native-access=ALL-UNNAMED",
                        "jdk.incubator.vector",
                        "-Ddistilqa.terminal=false",
                        "-Ddistilqa.terminal.output=false")
                .endsWith("-jar", jar.toString(), "answer", "--question", "two words", "");
    }

    @Test
    void worksThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a clone/distilqa"));
        assertThat(run(link, Map.of(), "devices").out()).endsWith("-jar", jar.toString(), "devices");
    }

    @Test
    void leavesTheVectorModuleOutWhereThereIsNoneOrTheUserDoesNotWantIt() throws Exception {
        assertThat(run(Map.of("DISTILQA_VECTOR", "off")).out()).doesNotContain("--add-modules");
        java("21.0.1", "java.base");
        assertThat(run(Map.of()).out()).doesNotContain("--add-modules");
    }

    @Test
    void handsOnTheUsersOptions() throws Exception {
        assertThat(run(Map.of("DISTILQA_JAVA_OPTS", "-Xmx2g -Dx=y")).out())
                .containsSubsequence("-Xmx2g", "-Dx=y", "-jar");
    }

    @Test
    void givesTheJvmAnEncodingThatHasEveryLetterWhereTheLocaleHasOnlyAscii() throws Exception {
        assertThat(run(Map.of("LC_ALL", "C")).out()).contains("LC_ALL=C.UTF-8");
        assertThat(run(Map.of("LC_ALL", "no_SUCH.locale")).out()).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void keepsTtNnsLogsOffStandardOutputAndItsInspectorOff() throws Exception {
        Files.writeString(directory.resolve("err"), "");
        Outcome outcome = run(Map.of("DISTILQA_TT_LIBRARY", "libdistilqa_tt.so"));
        assertThat(outcome.out()).contains("level=warn inspector=0 rpc=0").doesNotContain("a warning of TT-NN");
        // It goes through a pipe, since TT-NN would empty a file; whoever empties the pipe may end a little later.
        Path err = directory.resolve("err");
        for (int round = 0; !Files.readString(err).contains("a warning of TT-NN"); round++) {
            assertThat(round).isLessThan(500);
            Thread.sleep(20);
        }
    }

    @Test
    void leavesTtNnsSettingsToTheUser() throws Exception {
        Path log = directory.resolve("tt.log");
        Outcome outcome = run(Map.of(
                "DISTILQA_TT_LIBRARY", "libdistilqa_tt.so",
                "TT_LOGGER_FILE", log.toString(),
                "TT_LOGGER_LEVEL", "debug",
                "TT_METAL_INSPECTOR", "1"));
        assertThat(outcome.out()).contains("level=debug inspector=1 rpc=0");
        assertThat(log).hasContent("a warning of TT-NN");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void refusesAJavaThatIsTooOld() throws Exception {
        for (String version : List.of("11.0.2", "1.8.0_392")) {
            java(version, "java.base");
            Outcome outcome = run(Map.of());
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).singleElement().asString().contains("Java 17 or later is needed");
        }
    }

    @Test
    void asksAJavaWithoutAReleaseFileForItsVersion() throws Exception {
        Files.delete(directory.resolve("jdk/release"));
        script(directory.resolve("jdk/bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Outcome outcome = run(Map.of());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).singleElement().asString().contains("is Java 11; Java 17 or later is needed");
    }

    @Test
    void saysSoIfThereIsNoJava() throws Exception {
        Outcome outcome = run(Map.of("JAVA_HOME", directory.resolve("nowhere").toString()));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).singleElement().asString().contains("JAVA_HOME is ");
    }

    @Test
    void buildsAMissingJarAndKeepsTheBuildsOutputOffStandardOutput() throws Exception {
        Files.delete(jar);
        script(directory.resolve("bin/mvn"), MAVEN);
        String path = directory.resolve("bin") + ":" + System.getenv("PATH");
        Outcome outcome = run(Map.of("PATH", path), "devices");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).containsExactly("distilqa: building " + jar + ", once", "mvn says hello");
        assertThat(outcome.out()).doesNotContain("mvn says hello").endsWith("-jar", jar.toString(), "devices");
    }

    @Test
    void saysSoIfTheJarIsMissingAndCannotBeBuilt() throws Exception {
        Files.delete(jar);
        script(directory.resolve("bin/mvn"), "#!/bin/sh\nexit 1\n");
        String path = directory.resolve("bin") + ":" + System.getenv("PATH");
        Outcome outcome = run(Map.of("PATH", path), "devices");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).last().isEqualTo("distilqa: the build failed");
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(jar.getParent())) {
            return files.filter(file -> !file.equals(jar)).toList();
        }
    }

    @Test
    void makesAnArchiveOfClassesOnceAndStartsWithIt() throws Exception {
        Outcome first = run(Map.of("DISTILQA_ARCHIVE", "on"), "devices");
        assertThat(archives()).hasSize(1);
        String archive = archives().get(0).toString();
        assertThat(first.err()).singleElement().asString().contains("making " + archive + ", once");
        assertThat(first.out())
                .contains("-XX:SharedArchiveFile=" + archive)
                .endsWith("-jar", jar.toString(), "devices");

        Outcome second = run(Map.of("DISTILQA_ARCHIVE", "on"), "devices");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void makesAnotherArchiveForAnotherJdkAndForANewerJar() throws Exception {
        run(Map.of("DISTILQA_ARCHIVE", "on"), "devices");
        java("25.0.1", "java.base jdk.incubator.vector");
        assertThat(run(Map.of("DISTILQA_ARCHIVE", "on"), "devices").err()).hasSize(1);
        assertThat(archives()).hasSize(2);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(Map.of("DISTILQA_ARCHIVE", "on"), "devices").err()).hasSize(1);
    }

    @Test
    void doesWithoutAnArchiveWhereItCannotBeMadeAndTriesOnlyOnce() throws Exception {
        script(directory.resolve("jdk/bin/java"), JAVA.replace("echo archive >", "exit 1; echo"));
        Outcome first = run(Map.of("DISTILQA_ARCHIVE", "on"), "devices");
        assertThat(first.status()).isZero();
        assertThat(first.out()).noneMatch(argument -> argument.contains("SharedArchiveFile"));
        Outcome second = run(Map.of("DISTILQA_ARCHIVE", "on"), "devices");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).noneMatch(argument -> argument.contains("SharedArchiveFile"));
    }

    @Test
    void leavesTheArchiveOutWhereTheUserDoesNotWantIt() throws Exception {
        assertThat(run(Map.of("DISTILQA_ARCHIVE", "off")).err()).isEmpty();
        assertThat(archives()).isEmpty();
    }
}
