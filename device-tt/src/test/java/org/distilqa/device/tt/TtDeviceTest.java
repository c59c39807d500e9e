package org.distilqa.device.tt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.graph.Activation;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong with a card, on the emulator, which fails on demand. */
@Timeout(120)
class TtDeviceTest {
    private static final DistilBertConfig CONFIG = config(Activation.GELU);
    private static final RandomParameters PARAMETERS = RandomParameters.likeTrained(CONFIG, 3);
    private static final Graph GRAPH = DistilBertForQuestionAnswering.graph(CONFIG, PARAMETERS);

    private static DistilBertConfig config(Activation activation) {
        return DistilBertConfig.builder()
                .vocabSize(100)
                .maxPositionEmbeddings(128)
                .nLayers(2)
                .nHeads(2)
                .dim(64)
                .hiddenDim(96)
                .activation(activation)
                .build();
    }

    @BeforeEach
    void requireTheEmulator() {
        Emulator.require();
    }

    @AfterEach
    void reset() {
        Emulator.reset();
    }

    @Test
    void saysThatThereIsNoCard() {
        Emulator.set("BOARD", "none");
        assertThat(new TtDeviceProvider().availability().available()).isFalse();
        assertThat(new TtDeviceProvider().availability().explanation()).contains("no card");
        assertThatThrownBy(() -> open())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("no card");
    }

    @Test
    void refusesAnActivationThatTheCardsLibraryLacksBeforeAnythingRuns() {
        Graph graph = DistilBertForQuestionAnswering.graph(config(Activation.SILU), PARAMETERS);
        try (Device device = new TtDeviceProvider().open(DeviceOptions.none())) {
            assertThatThrownBy(() -> device.compile(graph, PARAMETERS))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("device tt cannot run a network with the activation silu");
        }
    }

    @Test
    void saysThatABoardIsNotSupported() {
        Emulator.set("BOARD", "grayskull-e150");
        assertThat(new TtDeviceProvider().availability().available()).isFalse();
        assertThat(new TtDeviceProvider().availability().explanation()).contains("grayskull-e150");
        assertThatThrownBy(() -> open()).isInstanceOf(DeviceException.class).hasMessageContaining("grayskull-e150");
    }

    @Test
    void refusesALibraryOfAnotherAbiVersion() {
        Emulator.set("ABI_VERSION", 99);
        assertThat(new TtDeviceProvider().availability().explanation())
                .contains("implements version 99 of the ABI, but this is version 1");
        assertThatThrownBy(() -> open())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("99");
    }

    @Test
    void saysWhereItLookedForALibrary() {
        String before = System.setProperty(TtLibraryLoader.PROPERTY, "/no/such/library.so");
        try {
            assertThatThrownBy(TtLibraryLoader::find)
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessage(
                            "the system property distilqa.tt.library names /no/such/library.so, but there is no such"
                                    + " file");
            System.clearProperty(TtLibraryLoader.PROPERTY);
            assertThatThrownBy(TtLibraryLoader::find)
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessageContaining("DISTILQA_TT_LIBRARY")
                    .hasMessageContaining("docs/wormhole.md");
        } finally {
            System.setProperty(TtLibraryLoader.PROPERTY, before);
        }
    }

    @ParameterizedTest
    @CsvSource({"n150, '', 8, 1 chip", "n300, '', 16, 2 chips", "n300, 1, 8, 1 chip"})
    void opensOneChipOrBoth(String board, String chips, int batchSize, String described) {
        Emulator.set("BOARD", board);
        DeviceOptions options =
                chips.isEmpty() ? DeviceOptions.none() : DeviceOptions.none().with("chips", chips);
        try (Device device = new TtDeviceProvider().open(options)) {
            assertThat(device.info().batchSize()).isEqualTo(batchSize);
            assertThat(device.info().description())
                    .contains(board)
                    .contains(described)
                    .contains("emulator");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "precision | float32 | precision is \"float32\"",
                "buckets | 100 | ascending multiples of 32",
                "buckets | 64,32 | ascending multiples of 32",
                "buckets | 32,x | must be a whole number from 32 to 512",
                "chips | 3 | must be a whole number from 0 to 2",
                "trace | maybe | must be one of [off, on]",
                "timeout-ms | -1 | must be a whole number",
                "colour | red | device tt has no option colour"
            })
    void refusesOptionsOutOfTheirRange(String name, String value, String message) {
        assertThatThrownBy(
                        () -> new TtDeviceProvider().open(DeviceOptions.none().with(name, value)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTheCombinationThatMeetsTheErratum() {
        DeviceOptions options =
                DeviceOptions.none().with("math-fidelity", "hifi4").with("fp32-accumulation", "on");
        assertThatThrownBy(() -> new TtDeviceProvider().open(options))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("erratum");
    }

    @Test
    void replaysTracesWithTheSameNumbersAsOpByOp() {
        TokenBatch first = batch(1, 60, 33, 64);
        TokenBatch second = batch(2, 64, 40, 50);
        Logits expectedFirst;
        Logits expectedSecond;
        try (Device device = new TtDeviceProvider().open(DeviceOptions.none().with("trace", "off"))) {
            Program program = device.compile(GRAPH, PARAMETERS);
            expectedFirst = program.run(first);
            expectedSecond = program.run(second);
            assertThat(fact(device, "replays")).isZero();
        }
        try (Device device = open()) {
            Program program = device.compile(GRAPH, PARAMETERS);
            for (int round = 0; round < 4; round++) {
                assertSame(program.run(first), expectedFirst);
                assertSame(program.run(second), expectedSecond);
            }
            // Both batches are runs of the same shape: one op by op, one that is captured, and the other six of the
            // trace.
            assertThat(fact(device, "live_traces")).isEqualTo(1);
            assertThat(fact(device, "replays")).isEqualTo(6);
        }
    }

    @Test
    void keepsTheNumbersOfOneProgramWhenAnotherIsCompiledAfterItsTraces() {
        TokenBatch batch = batch(1, 60, 33);
        RandomParameters others = RandomParameters.likeTrained(CONFIG, 4);
        try (Device device = open()) {
            Program first = device.compile(GRAPH, PARAMETERS);
            Logits expected = first.run(batch);
            first.run(batch);
            first.run(batch);
            Program second = device.compile(GRAPH, others);
            Logits expectedOther = second.run(batch);
            for (int round = 0; round < 3; round++) {
                assertSame(first.run(batch), expected);
                assertSame(second.run(batch), expectedOther);
            }
        }
    }

    @Test
    void goesOpByOpWhenTheTraceRegionIsFull() {
        try (Device device = new TtDeviceProvider().open(DeviceOptions.none().with("trace-region-mb", "0"))) {
            Program program = device.compile(GRAPH, PARAMETERS);
            Logits expected = program.run(batch(1, 60));
            for (int round = 0; round < 3; round++) {
                assertSame(program.run(batch(1, 60)), expected);
            }
            assertThat(fact(device, "live_traces")).isZero();
            assertThat(fact(device, "replays")).isZero();
        }
    }

    @Test
    void goesOpByOpWhereTheCardHasNoTraces() {
        TokenBatch batch = batch(1, 60, 33);
        Logits expected;
        try (Device device = open()) {
            expected = device.compile(GRAPH, PARAMETERS).run(batch);
        }
        Emulator.set("NO_TRACES", 1);
        try (Device device = open()) {
            Program program = device.compile(GRAPH, PARAMETERS);
            for (int round = 0; round < 4; round++) {
                assertSame(program.run(batch), expected);
            }
            assertThat(fact(device, "live_traces")).isZero();
            program.close();
            assertThat(fact(device, "live_tensors")).isZero();
        }
    }

    @Test
    void refusesASecondMeshInOneProcess() {
        Emulator.set("BOARD", "n300");
        DeviceOptions first = DeviceOptions.none().with("device-ids", "0");
        DeviceOptions second = DeviceOptions.none().with("device-ids", "1");
        try (Device device = new TtDeviceProvider().open(first)) {
            assertThatThrownBy(() -> new TtDeviceProvider().open(second))
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessageContaining("a mesh is open in this process already")
                    .hasMessageContaining("both chips of an n300 as one mesh");
            device.compile(GRAPH, PARAMETERS).run(batch(1, 60));
        }
        new TtDeviceProvider().open(second).close();
    }

    @Test
    void takesTheTimeLimitForEachRunAndNotForAllOfABatch() {
        // 40 runs of 50 ms: longer in all than the limit and its grace, 1.1 s.
        Emulator.set("SLOW_MS", 50);
        int[] lengths = new int[40];
        Arrays.fill(lengths, 20);
        DeviceOptions options = DeviceOptions.none().with("timeout-ms", "100").with("batch-per-chip", "1");
        try (Device device = new TtDeviceProvider().open(options);
                Program program = device.compile(GRAPH, PARAMETERS)) {
            long begin = System.nanoTime();
            assertThat(program.run(batch(1, lengths)).size()).isEqualTo(40);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1_100));
        }
    }

    @Test
    void givesUpACardThatDoesNotOpenAndClosesItWhenItDoes() throws InterruptedException {
        Emulator.set("SLOW_OPEN_MS", 700);
        DeviceOptions options = DeviceOptions.none().with("open-timeout-ms", "100");
        assertThatThrownBy(() -> new TtDeviceProvider().open(options))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("not open after 100 ms")
                .hasMessageContaining("open-timeout-ms");
        Emulator.reset();
        // Until the late mesh is closed, the process has one.
        for (int round = 0; ; round++) {
            try {
                open().close();
                return;
            } catch (DeviceUnavailableException e) {
                assertThat(round).isLessThan(200);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void closesTheMeshThoughSomethingFailsHalfWay() {
        Emulator.set("FAIL_CLOSE", 1);
        Device device = open();
        Program program = device.compile(GRAPH, PARAMETERS);
        program.run(batch(1, 60));
        assertThatThrownBy(device::close)
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("closing was to fail");
        device.close();
        assertThatThrownBy(() -> program.run(batch(1, 60))).isInstanceOf(ClosedException.class);
        Emulator.reset();
        open().close();
    }

    @Test
    void leavesNothingOnTheCardWhenAProgramIsClosed() {
        try (Device device = open()) {
            Program program = device.compile(GRAPH, PARAMETERS);
            for (int length : new int[] {1, 32, 33, 64, 100, 128}) {
                for (int round = 0; round < 3; round++) {
                    program.run(batch(round, length, 1));
                }
            }
            assertThat(fact(device, "live_tensors")).isPositive();
            program.close();
            assertThat(fact(device, "live_tensors")).isZero();
            assertThat(fact(device, "live_traces")).isZero();
            assertThat(fact(device, "live_dram_bytes")).isZero();
            assertThat(fact(device, "live_l1_bytes")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 25, 40, 42, 45, 50, 60})
    void leavesNothingOnTheCardWhenAnAllocationFails(int allocation) {
        Emulator.set("FAIL_ALLOCATION", allocation);
        assertFaultLeavesNothing("out of memory", 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {70, 80, 90})
    void goesOpByOpAndLeavesNothingOnTheCardWhenAnAllocationFailsInACapture(int allocation) {
        Emulator.set("FAIL_ALLOCATION", allocation);
        assertFaultLeavesNothing("out of memory", 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 12, 20, 23, 24, 30, 45, 47, 60})
    void leavesNothingOnTheCardWhenAnOpFails(int op) {
        Emulator.set("FAIL_OP", op);
        assertFaultLeavesNothing("op " + op, 1);
    }

    /**
     * Runs until the injected fault has happened, and fails a run as often as is expected; the device must be as it was, and work. Where
     * no run fails, it must have happened in the capture of a trace, which then there is none of.
     */
    private static void assertFaultLeavesNothing(String message, int expectedFailures) {
        TokenBatch batch = batch(1, 60, 33);
        try (Device device = open()) {
            Program program = null;
            int failures = 0;
            for (int round = 0; round < 6; round++) {
                try {
                    if (program == null) {
                        program = device.compile(GRAPH, PARAMETERS);
                    }
                    program.run(batch);
                } catch (DeviceException e) {
                    assertThat(e).hasMessageContaining(message);
                    failures++;
                }
            }
            assertThat(failures).isEqualTo(expectedFailures);
            assertThat(fact(device, "live_traces")).isEqualTo(expectedFailures);
            program.run(batch);
            program.close();
            assertThat(fact(device, "live_tensors")).isZero();
            assertThat(fact(device, "live_traces")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"HANG_OP, did not finish in time", "LOSE_DEVICE_OP, lost"})
    void failsForGoodWhenTheDeviceHangsOrIsLost(String fault, String message) {
        Emulator.set(fault, 30);
        Device device = new TtDeviceProvider().open(DeviceOptions.none().with("timeout-ms", "300"));
        Program program = device.compile(GRAPH, PARAMETERS);
        TokenBatch batch = batch(1, 60);
        assertThatThrownBy(() -> {
                    for (int round = 0; round < 3; round++) {
                        program.run(batch);
                    }
                })
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> program.run(batch))
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("failed earlier and must be closed and opened again");
        assertThat(device.info().name()).isEqualTo("tt");
        program.close();
        device.close();
        assertThatThrownBy(() -> program.run(batch)).isInstanceOf(ClosedException.class);
        Emulator.reset();
        try (Device again = open()) {
            again.compile(GRAPH, PARAMETERS).run(batch);
        }
    }

    @Test
    void tellsAllThreadsThatTheDeviceHangs() throws Exception {
        Emulator.set("HANG_OP", 30);
        ExecutorService executor = Executors.newFixedThreadPool(6);
        try (Device device = new TtDeviceProvider().open(DeviceOptions.none().with("timeout-ms", "300"))) {
            Program program = device.compile(GRAPH, PARAMETERS);
            List<Future<?>> calls = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < 6; i++) {
                calls.add(executor.submit(() -> assertThatThrownBy(() -> {
                            while (true) {
                                program.run(batch(1, 60));
                            }
                        })
                        .isInstanceOf(DeviceLostException.class)));
            }
            for (Future<?> call : calls) {
                call.get();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void keepsTheResidentSetAndTheOpenFilesFlatOverAThousandRounds() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells the resident set");
        // A process of its own, whose heap is all there from the start: what grows is native.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms96m",
                        "-Xmx96m",
                        "-XX:+AlwaysPreTouch",
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + TtLibraryLoader.PROPERTY + "=" + System.getProperty(TtLibraryLoader.PROPERTY),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThousandRounds.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ");
        assertThat(process.waitFor()).isZero();
        // Over the 600 rounds after the JVM has settled, but for its compiler's own memory, some megabytes either way.
        // A
        // program that stays each round would be 170 MB; smaller leaks are found by the counters, in the tests above.
        assertThat(Long.parseLong(output[0])).isLessThan(50_000);
        assertThat(Integer.parseInt(output[1])).as("files left open").isLessThanOrEqualTo(0);
    }

    /**
     * Opens, compiles, runs and closes a thousand times, and prints by how many kilobytes the resident set grew, and by how many the
     * open files.
     */
    static final class ThousandRounds {
        private ThousandRounds() {}

        public static void main(String[] arguments) throws IOException {
            TokenBatch batch = batch(1, 33, 60);
            long settled = 0;
            int files = 0;
            for (int round = 1; round <= 1000; round++) {
                try (Device device = open();
                        Program program = device.compile(GRAPH, PARAMETERS)) {
                    program.run(batch);
                }
                if (round == 400) {
                    settled = residentKilobytes();
                    files = openFiles();
                }
            }
            System.out.println((residentKilobytes() - settled) + " " + (openFiles() - files));
        }

        private static int openFiles() {
            return new File("/proc/self/fd").list().length;
        }

        private static long residentKilobytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Device open() {
        return new TtDeviceProvider().open(DeviceOptions.none());
    }

    private static long fact(Device device, String name) {
        return Long.parseLong(device.info().facts().get(name));
    }

    private static TokenBatch batch(long seed, int... lengths) {
        Random random = new Random(seed);
        List<int[]> sequences = new ArrayList<>();
        for (int length : lengths) {
            sequences.add(random.ints(length, 0, CONFIG.vocabSize()).toArray());
        }
        return TokenBatch.of(sequences);
    }

    private static void assertSame(Logits actual, Logits expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.start(i)).containsExactly(expected.start(i));
            assertThat(actual.end(i)).containsExactly(expected.end(i));
        }
    }
}
