package org.distilqa.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files of any content at all that a reader may meet. The seeds are read in every build; from them Jazzer goes on for so many
 * seconds a target as the system property {@code distilqa.fuzz.seconds} says, by default 5 where {@code CI=true} and 0 elsewhere.
 */
class FuzzTest {
    private static final Path JAZZER = Path.of(System.getProperty("distilqa.jazzer", "absent"));
    private static final String HEAP = "-Xmx256m";
    private static final int DEFAULT_SECONDS = "true".equals(System.getenv("CI")) ? 5 : 0;

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> seeds_of_every_kind_are_read_or_refused_with_an_exception_made_for_it() {
        return Stream.of(FuzzTarget.values())
                .flatMap(target -> seeds(target).map(seed -> {
                    String name = target.folder() + "/" + seed.getFileName();
                    return DynamicTest.dynamicTest(name, () -> {
                        Path own = Files.createDirectories(directory.resolve(name));
                        boolean accepted = target.accepts(own, Files.readAllBytes(seed));
                        assertThat(accepted || !isSound(seed))
                                .as("a sound file is accepted")
                                .isTrue();
                    });
                }));
    }

    /** Those that must be accepted, without which the others would show nothing. */
    private static boolean isSound(Path seed) {
        return seed.getFileName().toString().startsWith("sound");
    }

    private static Stream<Path> seeds(FuzzTarget target) {
        try {
            Path folder = Path.of(FuzzTest.class.getResource(target.folder()).toURI());
            return Files.list(folder).sorted();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError("no seeds of " + target, e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void jazzer_finds_nothing_but_exceptions_made_for_it_in_bounded_memory(FuzzTarget target) throws Exception {
        int seconds = Integer.getInteger("distilqa.fuzz.seconds", DEFAULT_SECONDS);
        assumeTrue(seconds > 0, "Jazzer runs with CI=true, or -Ddistilqa.fuzz.seconds=N for each target");
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        for (Path seed : seeds(target).toList()) {
            Files.copy(seed, corpus.resolve(seed.getFileName()));
        }
        Path log = JAZZER.resolve(target.folder() + ".log");
        Process process = new ProcessBuilder(command(target, seconds, corpus))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(seconds + 240L, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String output = Files.readString(log);
        String end = output.substring(Math.max(0, output.length() - 6000));
        assertThat(ended).as("ends in time: %s", end).isTrue();
        assertThat(process.exitValue()).as("see %s: %s", log, end).isZero();
        assertThat(output).containsPattern("Done \\d+ runs in \\d+ second");
        System.out.println("fuzzed " + target + ": "
                + output.substring(output.lastIndexOf("Done "))
                        .lines()
                        .findFirst()
                        .orElseThrow());
    }

    private List<String> command(FuzzTarget target, int seconds, Path corpus) throws IOException {
        List<String> classPath = new ArrayList<>();
        try (Stream<Path> jars = Files.list(JAZZER)) {
            jars.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .forEach(classPath::add);
        }
        assertThat(classPath).as("Jazzer's jars in %s", JAZZER).hasSize(2);
        // What is not in Java is not fuzzed here: Jazzer sees into the code of the JVM alone.
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*distilqa-tokenizer.*|.*/tokenizer/target/.*"))
                .forEach(classPath::add);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                HEAP,
                "-Ddistilqa.fuzz.target=" + target,
                "-Ddistilqa.fuzz.directory=" + directory.resolve("work"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzDriver.class.getName(),
                "--instrumentation_includes=org.distilqa.**",
                "--custom_hook_includes=org.distilqa.**",
                "--reproducer_path=" + JAZZER,
                "-artifact_prefix=" + JAZZER + File.separator,
                "-max_total_time=" + seconds,
                "-max_len=65536",
                "-timeout=60",
                "-rss_limit_mb=0",
                corpus.toString()));
        return command;
    }
}
