package org.distilqa.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.distilqa.models.app.Ask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.JarLauncher;

/** The ways in which a program may carry the model, each in a process of its own, whose temporary directory must stay empty. */
class PackagingTest {
    private static final String FOLDER = "/org/distilqa/models/bundled/";
    private static final Path OWN_CLASSES = location(Ask.class);

    @TempDir
    private Path directory;

    private Path temporary;

    @BeforeEach
    void makeATemporaryDirectory() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** What a program needs at run time. */
    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.equals(OWN_CLASSES) && !path.equals(location(JarLauncher.class)))
                .filter(path ->
                        !path.toString().matches(".*[/\\\\](org[/\\\\](junit|assertj)|net[/\\\\]bytebuddy)[/\\\\].*"))
                .toList();
    }

    private static void jar(Path jar, Path content, Map<String, String> manifest, String... options)
            throws IOException {
        StringBuilder lines = new StringBuilder();
        manifest.forEach((name, value) -> lines.append(name + ": " + value + "\n"));
        Path manifestFile = Files.writeString(jar.resolveSibling(jar.getFileName() + ".MF"), lines);
        List<String> arguments =
                new ArrayList<>(List.of("--create", "--file", jar.toString(), "--manifest", manifestFile.toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-C", content.toString(), "."));
        run("jar", arguments);
        Files.delete(manifestFile);
    }

    private static void run(String tool, List<String> arguments) {
        assertThat(ToolProvider.findFirst(tool)
                        .orElseThrow()
                        .run(System.out, System.err, arguments.toArray(String[]::new)))
                .as("%s %s", tool, arguments)
                .isZero();
    }

    /** Puts what a program needs into a folder, all of it as jars, the model in one made with these options. */
    private Path jars(String... options) throws IOException {
        Path jars = Files.createDirectory(directory.resolve("jars"));
        for (Path path : classPath()) {
            if (Files.isDirectory(path)) {
                // .../core/target/classes
                String name = path.getParent().getParent().getFileName().toString();
                jar(jars.resolve(name + ".jar"), path, Map.of(), options);
            } else {
                Files.copy(path, jars.resolve(path.getFileName()));
            }
        }
        return jars;
    }

    /** Starts a JVM and gives the lines that it wrote, of which the first says where the model was found. */
    private List<String> java(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        int status = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(err)).isZero();
        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left).containsExactly(temporary);
        }
        return Files.readAllLines(out);
    }

    private static void assertAnswered(List<String> lines, String location, int times) {
        assertThat(lines.get(0)).matches(location);
        assertThat(lines.subList(1, lines.size())).isEqualTo(Collections.nCopies(times, "Ada Quill"));
    }

    /** So the other tests, whose programs have this class path, show that core and the device cpu answer by themselves. */
    @Test
    void needsNoNativeLibrary() throws IOException {
        assertThat(classPath()).isNotEmpty();
        for (Path path : classPath()) {
            assertThat(path.toString()).doesNotContain("djl", "jna", "distilqa-tokenizer");
            if (Files.isRegularFile(path)) {
                try (ZipFile jar = new ZipFile(path.toFile())) {
                    assertThat(jar.stream().map(ZipEntry::getName))
                            .as(path.toString())
                            .noneMatch(name -> name.matches(".*\\.(so|dll|dylib|jnilib)"));
                }
            }
        }
    }

    @Test
    void answersFromAJarAndLeavesNothingBehindAfterTwentyTimes() throws Exception {
        String classPath = jars("--no-compress") + File.separator + "*" + File.pathSeparator + OWN_CLASSES;
        assertAnswered(
                java("-cp", classPath, Ask.class.getName(), 20), "jar:file:/.*/jars/bundled-model\\.jar!" + FOLDER, 20);
    }

    @Test
    void answersFromAJarThatHasCompressedIt() throws Exception {
        String classPath = jars() + File.separator + "*" + File.pathSeparator + OWN_CLASSES;
        assertAnswered(
                java("-cp", classPath, Ask.class.getName(), 1), "jar:file:/.*/jars/bundled-model\\.jar!" + FOLDER, 1);
    }

    @Test
    void answersFromADirectoryOfTheClassPath() throws Exception {
        List<String> classPath = Stream.concat(classPath().stream(), Stream.of(OWN_CLASSES))
                .map(Path::toString)
                .toList();
        assertAnswered(
                java("-cp", String.join(File.pathSeparator, classPath), Ask.class.getName(), 1),
                "file:/.*" + FOLDER,
                1);
    }

    @Test
    void answersFromTheModulePath() throws Exception {
        Path jars = jars("--no-compress");
        Path source = Files.writeString(
                directory.resolve("module-info.java"),
                "module org.distilqa.models.app { requires org.distilqa.core; }");
        Path module = directory.resolve("app");
        run("javac", List.of("-d", module.toString(), "--module-path", jars.toString(), source.toString()));
        copyAsk(module);
        assertAnswered(
                java(
                        "--module-path",
                        jars + File.pathSeparator + module,
                        "--module",
                        "org.distilqa.models.app/" + Ask.class.getName(),
                        1),
                "jar:file:/.*/jars/bundled-model\\.jar!" + FOLDER,
                1);
    }

    @Test
    void answersFromAJarWithinAJarAsSpringBootMakesIt() throws Exception {
        Path content = Files.createDirectory(directory.resolve("content"));
        unpack(location(JarLauncher.class), content);
        Files.createDirectory(content.resolve("BOOT-INF"));
        Files.move(jars("--no-compress"), content.resolve("BOOT-INF/lib"));
        copyAsk(content.resolve("BOOT-INF/classes"));
        Path jar = directory.resolve("app.jar");
        jar(
                jar,
                content,
                Map.of(
                        "Main-Class",
                        JarLauncher.class.getName(),
                        "Start-Class",
                        Ask.class.getName(),
                        "Spring-Boot-Classes",
                        "BOOT-INF/classes/",
                        "Spring-Boot-Lib",
                        "BOOT-INF/lib/"),
                "--no-compress");
        assertAnswered(java("-jar", jar, 1), "jar:nested:/.*/app\\.jar/!BOOT-INF/lib/bundled-model\\.jar!" + FOLDER, 1);
    }

    private static void unpack(Path jar, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path file = target.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.copy(zip.getInputStream(entry), file);
                }
            }
        }
    }

    private static void copyAsk(Path root) throws IOException {
        String file = Ask.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(root.resolve(file).getParent());
        Files.copy(OWN_CLASSES.resolve(file), root.resolve(file));
    }
}
