package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.examples.soak.Soak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs {@link Soak} in a process of its own, for so many seconds as the system property {@code distilqa.soak.seconds} says, by
 * default 60 where {@code CI=true} and 0 elsewhere: beside the other tests of this module, and behind them where there is not
 * enough of the processor for all.
 */
@Execution(ExecutionMode.CONCURRENT)
class SoakTest {
    private static final int DEFAULT_SECONDS = "true".equals(System.getenv("CI")) ? 60 : 0;
    private static final Pattern SUMMARY =
            Pattern.compile("soak: \\d+ requests, \\d+ answered, (\\d+) devices lost, \\d+ answerers closed, 0 faults");

    @TempDir
    private Path directory;

    @Test
    void losesNothingAndAnswersNothingTwiceWhileDevicesAreLostAndCallersGiveUp() throws Exception {
        int seconds = Integer.getInteger("distilqa.soak.seconds", DEFAULT_SECONDS);
        assumeTrue(seconds > 0, "the soak runs with CI=true, or -Ddistilqa.soak.seconds=N");
        assumeTrue(JavaProcess.hasEmulator(), "the emulator was not built: there is no C++ compiler");
        Path log = directory.resolve("soak.log");
        ProcessBuilder builder =
                new ProcessBuilder(command(seconds)).redirectErrorStream(true).redirectOutput(log.toFile());
        // What the C library keeps for each thread that ever freed something would look like a leak: ten megabytes a
        // card.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(seconds + 600L, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String output = Files.readString(log);
        assertThat(ended).as("ends in time: %s", output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        Matcher summary = SUMMARY.matcher(output);
        assertThat(summary.find()).as(output).isTrue();
        assertThat(output.lines().filter(line -> line.contains(" was lost; the others take over")))
                .as("one warning for each lost device: %s", output)
                .hasSize(Integer.parseInt(summary.group(1)));
        System.out.println(summary.group());
    }

    private static List<String> command(int seconds) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/nice"))) {
            command.addAll(List.of("/usr/bin/nice", "-n", "19"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // All of the heap from the start, so that what grows is seen.
                "-Xms192m",
                "-Xmx192m",
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-Ddistilqa.tt.library=" + JavaProcess.emulator(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Soak.class.getName(),
                String.valueOf(seconds),
                SharedFiles.goldenCheckpoint().toString()));
        return command;
    }
}
