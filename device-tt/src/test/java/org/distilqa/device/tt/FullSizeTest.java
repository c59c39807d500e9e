package org.distilqa.device.tt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.cpu.CpuDeviceProvider;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The full-size network at the recommended batch, 8 sequences of up to 384 tokens, on the emulator and in float32. */
class FullSizeTest {
    private static final DistilBertConfig CONFIG = DistilBertConfig.builder().build();
    private static final int[] LENGTHS = {384, 300, 233, 384, 128, 77, 350, 200};

    private static RandomParameters parameters;
    private static Graph graph;
    private static TokenBatch batch;
    private static Logits expected;

    @BeforeAll
    static void computeInFloat32() {
        Emulator.require();
        parameters = RandomParameters.likeTrained(CONFIG, 7);
        graph = DistilBertForQuestionAnswering.graph(CONFIG, parameters);
        Random random = new Random(1);
        int[][] ids = new int[LENGTHS.length][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.ints(LENGTHS[i], 0, CONFIG.vocabSize()).toArray();
        }
        batch = TokenBatch.of(ids);
        try (Device cpu = new CpuDeviceProvider().open(DeviceOptions.none());
                Program program = cpu.compile(graph, parameters)) {
            expected = program.run(batch);
        }
    }

    @AfterAll
    static void reset() {
        Emulator.reset();
        parameters = null;
    }

    /**
     * Random weights are harder than trained ones, for which the defaults were chosen (LayerCorrelationTest; in the examples,
     * WormholeCommandLineTest). The least correlations are those of docs/wormhole.md with a tenth more of what they lack to 1, for compilers
     * that add up in another order.
     */
    @ParameterizedTest
    @CsvSource({
        "n150, hifi2, bfloat8_b, bfloat16, 0.9948, 0.9969",
        "n300, hifi2, bfloat8_b, bfloat16, 0.9948, 0.9969",
        "n150, hifi2, bfloat8_b, bfloat8_b, 0.9900, 0.9938",
        "n150, hifi3, bfloat8_b, bfloat16, 0.9982, 0.9988",
        "n150, hifi3, bfloat16, bfloat16, 0.9994, 0.9995"
    })
    void correlatesWithFloat32(
            String board, String fidelity, String weights, String results, double leastStart, double leastEnd) {
        Emulator.set("BOARD", board);
        DeviceOptions options = DeviceOptions.none()
                .with("math-fidelity", fidelity)
                .with("precision", weights)
                .with("activation-precision", results);
        try (Device device = new TtDeviceProvider().open(options);
                Program program = device.compile(graph, parameters)) {
            Logits logits = program.run(batch);
            double start = pearson(logits, true);
            double end = pearson(logits, false);
            System.out.printf(
                    "%s, %s, weights %s, results %s: Pearson correlation %.5f (start), %.5f (end)%n",
                    board, fidelity, weights, results, start, end);
            assertThat(start).isBetween(leastStart, 1.0);
            assertThat(end).isBetween(leastEnd, 1.0);
        }
    }

    @Test
    void sendsLittleAndQueuesFewOps() {
        Emulator.set("BOARD", "n150");
        try (Device device = new TtDeviceProvider().open(DeviceOptions.none());
                Program program = device.compile(graph, parameters)) {
            long[] before = counters(device);
            program.run(batch);
            long[] after = counters(device);
            System.out.printf(
                    "a batch of 8 x 384: %d ops, %d bytes to the device%n", after[0] - before[0], after[1] - before[1]);
            // What the plan says, and docs/wormhole.md.
            WormholePlan plan = WormholePlan.of(graph, WormholePlan.Board.N150, DeviceOptions.none(), 8, 384);
            assertThat(after[0] - before[0]).isEqualTo(59);
            assertThat(after[1] - before[1]).isEqualTo(plan.hostToDeviceBytes());
        }
    }

    private static long[] counters(Device device) {
        Map<String, String> facts = device.info().facts();
        return new long[] {Long.parseLong(facts.get("ops")), Long.parseLong(facts.get("host_to_device_bytes"))};
    }

    private static double pearson(Logits actual, boolean start) {
        Pearson pearson = new Pearson();
        for (int i = 0; i < actual.size(); i++) {
            float[] a = start ? actual.start(i) : actual.end(i);
            float[] b = start ? expected.start(i) : expected.end(i);
            for (int t = 0; t < a.length; t++) {
                pearson.add(a[t], b[t]);
            }
        }
        return pearson.correlation();
    }
}
