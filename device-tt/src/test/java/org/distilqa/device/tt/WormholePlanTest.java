package org.distilqa.device.tt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.distilqa.InvalidRequestException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.tt.WormholePlan.Board;
import org.distilqa.device.tt.WormholePlan.Step;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WormholePlanTest {
    private static final DistilBertConfig BASE = config(1000, 512, 6, 12, 768, 3072);
    private static final DistilBertConfig SMALL = config(100, 128, 2, 2, 64, 96);

    private static DistilBertConfig config(
            int vocabSize, int positions, int layers, int heads, int dim, int hiddenDim) {
        return DistilBertConfig.builder()
                .vocabSize(vocabSize)
                .maxPositionEmbeddings(positions)
                .nLayers(layers)
                .nHeads(heads)
                .dim(dim)
                .hiddenDim(hiddenDim)
                .build();
    }

    @AfterEach
    void reset() {
        Emulator.reset();
    }

    private static Graph graph(DistilBertConfig config) {
        return DistilBertForQuestionAnswering.graph(config, RandomParameters.likeTrained(config, 3));
    }

    @Test
    void countsWhatDistilBertCosts() {
        WormholePlan plan = WormholePlan.of(graph(BASE), Board.N150, DeviceOptions.none(), 8, 384);
        assertThat(plan.hostToDeviceBytes()).isEqualTo(8 * 384 * 4 + 8 * 144 * 576);
        assertThat(plan.deviceToHostBytes()).isEqualTo(96 * 2048);
        assertThat(plan.activationsInL1()).isTrue();
        assertThat(plan.steps())
                .extracting(Step::kind)
                .containsExactly(
                        "embeddings",
                        "layer norm",
                        "linear 768 to 2304",
                        "attention, 12 heads",
                        "linear 768 to 768",
                        "linear 768 to 3072",
                        "linear 3072 to 768",
                        "linear 768 to 32");
        Step up = plan.steps().get(5);
        assertThat(up.count()).isEqualTo(6);
        assertThat(up.tiles()).isEqualTo(6L * 96 * 24 * 96);
        assertThat(up.flops()).isEqualTo(6.0 * 2 * 3072 * 768 * 3072);
        assertThat(up.dramBytes()).isEqualTo(6L * (24 * 96 * 1088 + 96 * 2048));
        // Bound by arithmetic: 64 cores of 4.096 TFLOP/s, in two passes.
        assertThat(up.seconds()).isCloseTo(up.flops() / (64 * 4.096e12 / 2), within(1e-9));
        // Both products of attention: each query with each key, and each weight with each value.
        assertThat(plan.steps().get(3).flops()).isEqualTo(6.0 * 2 * 2 * 8 * 384 * 384 * 768);
    }

    @Test
    void isBoundByDramForOneShortSequence() {
        WormholePlan plan =
                WormholePlan.of(graph(BASE), Board.N300, DeviceOptions.none().with("precision", "bfloat16"), 1, 32);
        assertThat(plan.sequences()).isEqualTo(2);
        Step up = plan.steps().get(5);
        assertThat(up.seconds()).isCloseTo(up.dramBytes() / 288e9, within(1e-9));
        WormholePlan half = WormholePlan.of(graph(BASE), Board.N300, DeviceOptions.none(), 1, 32);
        assertThat(half.seconds()).isLessThan(0.6 * plan.seconds());
    }

    @Test
    void movesActivationsToDramWhereL1IsTooSmall() {
        WormholePlan small = WormholePlan.of(graph(BASE), Board.N150, DeviceOptions.none(), 8, 512);
        WormholePlan large = WormholePlan.of(graph(BASE), Board.N150, DeviceOptions.none(), 16, 512);
        assertThat(small.activationsInL1()).isTrue();
        assertThat(large.activationsInL1()).isFalse();
        assertThat(large.steps()).allSatisfy(step -> assertThat(step.l1Bytes()).isZero());
        Graph wide = graph(config(100, 512, 2, 16, 1024, 4096));
        DeviceOptions half = DeviceOptions.none().with("activation-precision", "bfloat8_b");
        assertThat(WormholePlan.of(wide, Board.N300, DeviceOptions.none(), 8, 512)
                        .activationsInL1())
                .isFalse();
        assertThat(WormholePlan.of(wide, Board.N300, half, 8, 512).activationsInL1())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 32, batchPerChip is 0; it must be from 1 to 64",
        "65, 32, batchPerChip is 65; it must be from 1 to 64",
        "1, 0, length is 0; it must be a multiple of 32 from 32 to 128",
        "1, 33, length is 33; it must be a multiple of 32 from 32 to 128",
        "1, 160, length is 160; it must be a multiple of 32 from 32 to 128"
    })
    void refusesWhatIsNoRun(int batch, int length, String message) {
        assertThatThrownBy(() -> WormholePlan.of(graph(SMALL), Board.N150, DeviceOptions.none(), batch, length))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"n150, bfloat4_b", "n300, bfloat4_b", "n300, bfloat16"})
    void tellsTheBytesThatTheDeviceCounts(String board, String mask) {
        Emulator.require();
        Emulator.set("BOARD", board);
        DeviceOptions options = DeviceOptions.none().with("mask-precision", mask);
        try (Device device = new TtDeviceProvider().open(options);
                Program program = device.compile(graph(SMALL), RandomParameters.likeTrained(SMALL, 3))) {
            int sequences = device.info().batchSize();
            TokenBatch batch = TokenBatch.of(
                    Stream.generate(() -> new Random(1).ints(60, 0, 100).toArray())
                            .limit(sequences)
                            .toList());
            Map<String, String> before = device.info().facts();
            program.run(batch);
            Map<String, String> after = device.info().facts();
            WormholePlan plan = WormholePlan.of(
                    graph(SMALL), Board.valueOf(board.toUpperCase(java.util.Locale.ROOT)), options, 8, 64);
            assertThat(plan.sequences()).isEqualTo(sequences);
            assertThat(plan.hostToDeviceBytes()).isEqualTo(difference(before, after, "host_to_device_bytes"));
            assertThat(plan.deviceToHostBytes()).isEqualTo(difference(before, after, "device_to_host_bytes"));
            assertThat(plan.steps().stream().mapToInt(Step::count).sum())
                    .isEqualTo(graph(SMALL).nodes().size());
        }
    }

    private static long difference(Map<String, String> before, Map<String, String> after, String name) {
        return Long.parseLong(after.get(name)) - Long.parseLong(before.get(name));
    }
}
