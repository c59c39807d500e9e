package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java process of its own, and what a user's program would have on its path. */
final class JavaProcess {
    private static final long MOST_SECONDS = 600;

    private JavaProcess() {}

    /** This project's parts and what they depend on, without what the examples and the tests add. */
    static List<Path> applicationPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.endsWith("test-classes") && !path.endsWith(Path.of("examples/target/classes")))
                .filter(path -> !path.toString()
                        .matches(".*[/\\\\]((org[/\\\\](junit|assertj|opentest4j|apiguardian|jspecify))"
                                + "|info[/\\\\]picocli|net[/\\\\]bytebuddy)[/\\\\].*"))
                .toList();
    }

    static String joined(List<Path> path) {
        return String.join(File.pathSeparator, path.stream().map(Path::toString).toList());
    }

    /** Where the emulator of a card is; without one there is no such device to test. */
    static boolean hasEmulator() {
        boolean exists = Files.exists(emulator());
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(emulator() + " was not built, and CI=true");
        }
        return exists;
    }

    static Path emulator() {
        String extension = System.getProperty("os.name").startsWith("Mac") ? ".dylib" : ".so";
        return Path.of(System.getProperty("distilqa.tt.emulator") + extension).toAbsolutePath();
    }

    /** The devices that can be tested on this machine. */
    static List<String> devices() {
        return hasEmulator() ? List.of("cpu", "onednn", "tt") : List.of("cpu", "onednn");
    }

    /** Runs Java to its end, which must be a good one, and gives the lines that it printed, its errors among them. */
    static List<String> run(Path directory, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddistilqa.tt.library=" + emulator(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        assertThat(ended).as("ends within %d s: %s", MOST_SECONDS, text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text.lines().toList();
    }
}
