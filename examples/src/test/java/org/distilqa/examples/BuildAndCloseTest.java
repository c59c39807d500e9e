package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a program has left that builds, asks and closes again and again, in a process of its own for each device. Each round builds with
 * the weights of the bundled model and answers one question.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells in /proc what a process has")
class BuildAndCloseTest {
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 100;

    /**
     * By how much memory may grow from the warm-up to the end. The smallest weight matrix of a layer of the bundled model has 384 x
     * 384 numbers: left behind in every round they would be 59 MB in float32, 29.5 MB in bfloat16. What grows else is the JVM's
     * own, such as the code that it compiles: 13 MB were the most in ten runs.
     */
    private static final long MOST_BYTES = 22_000_000;

    /** Whatever a round leaves behind is there a hundred times at the end. The JVM itself starts and ends a few threads. */
    private static final long A_FEW = 10;

    /**
     * glibc's malloc keeps what was freed last of each of its arenas, also when told to trim: some 12 MB of each that one thread or
     * another of a round came to have, which are eight for each core at most.
     */
    private static final Map<String, String> ONE_ARENA = Map.of("MALLOC_ARENA_MAX", "1");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "onednn", "onednn precision=float32", "tt"})
    void memoryFilesAndThreadsStayFlatOverAHundredRounds(String device) throws Exception {
        assumeTrue(!device.equals("tt") || JavaProcess.hasEmulator(), "the emulator was not built");
        assumeTrue(
                !device.contains("float32") || !automatic().equals("float32"),
                "float32 is what onednn takes by itself");
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        // The emulator takes its time for all layers.
        String model = device.equals("tt") ? withOneLayer().toString() : QuestionAnswerer.BUNDLED_MODEL;
        List<String> lines = JavaProcess.run(
                directory,
                ONE_ARENA,
                // The whole heap is resident from the start, so that what grows is outside, and what is in use within
                // is told apart.
                "-Xms160m",
                "-Xmx160m",
                "-XX:+AlwaysPreTouch",
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                JavaProcess.joined(Stream.concat(JavaProcess.applicationPath().stream(), Stream.of(testClasses()))
                        .toList()),
                Rounds.class.getName(),
                model,
                device);
        List<Map<String, Long>> figures = lines.stream()
                .filter(line -> line.startsWith("has "))
                .map(BuildAndCloseTest::figures)
                .toList();
        assertThat(figures).as("of what it printed: %s", lines).hasSize(2);
        assertGrowth(figures, "resident", MOST_BYTES);
        assertGrowth(figures, "heap", MOST_BYTES);
        assertGrowth(figures, "files", A_FEW);
        assertGrowth(figures, "threads", A_FEW);
        assertGrowth(figures, "temporary", 1);
    }

    private static void assertGrowth(List<Map<String, Long>> figures, String name, long most) {
        assertThat(figures.get(1).get(name) - figures.get(0).get(name))
                .as("%s, from the warm-up to the end: %s", name, figures)
                .isLessThan(most);
    }

    private static Map<String, Long> figures(String line) {
        Map<String, Long> figures = new LinkedHashMap<>();
        String[] words = line.split(" ");
        for (int i = 1; i < words.length; i += 2) {
            figures.put(words[i], Long.parseLong(words[i + 1]));
        }
        return figures;
    }

    /** The precision that onednn takes on this processor. */
    private static String automatic() {
        try (var device = Devices.open("onednn", DeviceOptions.none())) {
            return device.info().facts().get("precision");
        }
    }

    private static Path testClasses() throws Exception {
        return Path.of(
                Rounds.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The bundled model without its layers but the first. */
    private Path withOneLayer() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt")) {
            try (InputStream in = QuestionAnswerer.class.getResourceAsStream("/org/distilqa/models/bundled/" + file)) {
                Files.copy(in, model.resolve(file));
            }
        }
        Path config = model.resolve("config.json");
        String six = Files.readString(config);
        String one = six.replace("\"n_layers\": 6", "\"n_layers\": 1");
        assertThat(one).isNotEqualTo(six);
        Files.writeString(config, one);
        return model;
    }

    /** Builds, asks and closes, and prints what the process has after the warm-up and at the end. */
    static final class Rounds {
        private Rounds() {}

        /**
         * Runs the rounds.
         *
         * @param arguments the model and the device, then {@code name=value} of an option of its, if there is one
         */
        public static void main(String[] arguments) throws Exception {
            String[] device = arguments[1].split("[ =]");
            DeviceOptions options = device.length == 1
                    ? DeviceOptions.none()
                    : DeviceOptions.none().with(device[1], device[2]);
            for (int round = 1; round <= WARM_UP + ROUNDS; round++) {
                try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model(arguments[0])
                        .device(device[0])
                        .deviceOptions(options)
                        // Nothing of a round may be left for the next, however busy the machine is.
                        .closeTimeout(Duration.ofMinutes(1))
                        .build()) {
                    answerer.answer("Who built the mill?", "The mill was built by Ada Quill in 1912.");
                } catch (RuntimeException | Error e) {
                    throw new IllegalStateException("round " + round + " failed", e);
                }
                if (round == WARM_UP || round == WARM_UP + ROUNDS) {
                    print();
                }
            }
        }

        private static void print() throws IOException, InterruptedException {
            long resident = Long.MAX_VALUE;
            long heap = Long.MAX_VALUE;
            // The JVM's compilers have memory for what they compile at the moment, up to 20 MB, which they give back.
            for (int i = 0; i < 10; i++) {
                System.gc();
                // What was freed, and the allocator keeps for later, is no leak.
                Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {0L});
                Thread.sleep(100);
                resident = Math.min(resident, residentBytes());
                heap = Math.min(
                        heap,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            System.out.println("has resident " + resident + " heap " + heap
                    + " files " + entries(Path.of("/proc/self/fd"))
                    + " threads " + entries(Path.of("/proc/self/task"))
                    + " temporary " + entries(Path.of(System.getProperty("java.io.tmpdir"))));
        }

        private static long residentBytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        }

        private static long entries(Path path) throws IOException {
            try (Stream<Path> entries = Files.list(path)) {
                return entries.count();
            }
        }
    }
}
