package org.distilqa.examples;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java process of its own, and what a user's program would have on its path. */
public final class JavaProcess {
    private static final long MOST_SECONDS = 600;

    private JavaProcess() {}

    /** This project's parts and what they depend on, without what the examples and the tests add. */
    public static List<Path> applicationPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.endsWith("test-classes") && !path.endsWith(Path.of("examples/target/classes")))
                .filter(path -> !path.toString()
                        .matches(".*[/\\\\]((org[/\\\\](junit|assertj|opentest4j|apiguardian|jspecify))"
                                + "|info[/\\\\]picocli|net[/\\\\]bytebuddy)[/\\\\].*"))
                .toList();
    }

    public static String joined(List<Path> path) {
        return String.join(File.pathSeparator, path.stream().map(Path::toString).toList());
    }

    /** Where the emulator of a card is; without one there is no such device to test. */
    public static boolean hasEmulator() {
        boolean exists = Files.exists(emulator());
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(emulator() + " was not built, and CI=true");
        }
        return exists;
    }

    public static Path emulator() {
        String extension = System.getProperty("os.name").startsWith("Mac") ? ".dylib" : ".so";
        return Path.of(System.getProperty("distilqa.tt.emulator") + extension).toAbsolutePath();
    }

    /** The devices that can be tested on this machine. */
    public static List<String> devices() {
        return hasEmulator() ? List.of("cpu", "onednn", "tt") : List.of("cpu", "onednn");
    }

    /**
     * Runs Java to its end, which must be a good one, and gives the lines that it printed, its errors among them. One that does not end
     * in time is told to print what its threads do. What it printed is the failure's message, and is kept beside Surefire's reports.
     */
    public static List<String> run(Path directory, Object... arguments) throws IOException, InterruptedException {
        return run(directory, Map.of(), arguments);
    }

    /** As {@link #run(Path, Object...)}, with variables of its environment beside those that are there. */
    public static List<String> run(Path directory, Map<String, String> environment, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddistilqa.tt.library=" + emulator(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            printThreads(process);
        }
        process.destroyForcibly().waitFor();
        // Whatever its bytes: a process that was killed may end within a character.
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(
                    (ended ? "ended with status " + process.exitValue() : "did not end in " + MOST_SECONDS + " s")
                            + "; its output is kept in " + kept(output) + ": "
                            + (text.isBlank() ? "nothing" : text));
        }
        return text.lines().toList();
    }

    /** Has a Java process that hangs print its threads. */
    private static void printThreads(Process process) throws IOException, InterruptedException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            process.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static Path kept(Path output) throws IOException {
        Path reports = Files.createDirectories(Path.of("target", "surefire-reports"));
        return Files.copy(output, reports.resolve(output.getFileName())).toAbsolutePath();
    }
}
