package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.distilqa.DeviceException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.onednn.binding.OpenMp;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.ResultRoles;
import org.distilqa.device.onednn.steps.ProgramKernels;
import org.distilqa.device.onednn.tiles.TileLowering;
import org.distilqa.graph.Activation;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphBuilder;
import org.distilqa.graph.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class OneDnnDeviceTest {
    /** Wide enough for its columns to be shared out, and with heads as wide as DistilBERT's. */
    private static final DistilBertConfig WIDE = DistilBertConfig.builder()
            .vocabSize(97)
            .nLayers(2)
            .nHeads(3)
            .dim(192)
            .hiddenDim(768)
            .build();

    private static final DistilBertConfig ODD = DistilBertConfig.builder()
            .vocabSize(97)
            .nLayers(2)
            .nHeads(5)
            .dim(20)
            .hiddenDim(37)
            .activation(Activation.RELU)
            .build();

    static DeviceOptions options(String precision, int threads) {
        return DeviceOptions.none().with("precision", precision).with("threads", Integer.toString(threads));
    }

    /** Few rows and many, for few lanes and many: every way in which a run is shared out. */
    @ParameterizedTest
    @CsvSource({
        "float32, 1, 1e-4",
        "float32, 2, 1e-4",
        "float32, 5, 1e-4",
        "bfloat16, 2, 0.1",
        "bfloat16, 5, 0.1",
        "int8, 1, 0.4",
        "int8, 2, 0.4",
        "int8, 5, 0.4"
    })
    void agreesWithTheReferenceDeviceForAnyNumbersOfRowsAndThreads(String precision, int threads, double tolerance) {
        FastPrecisions.assumeFast(precision);
        for (DistilBertConfig config : List.of(WIDE, ODD)) {
            RandomParameters parameters = RandomParameters.of(config, 3);
            Graph graph = DistilBertForQuestionAnswering.graph(config, parameters);
            try (Device reference = Devices.open("cpu", DeviceOptions.none());
                    Program expected = reference.compile(graph, parameters);
                    Device device = new OneDnnDeviceProvider().open(options(precision, threads));
                    Program actual = device.compile(graph, parameters)) {
                for (int[] lengths :
                        new int[][] {{1}, {7}, {33}, {96, 2, 31}, {129}, {512}, {384, 1, 200, 17, 128, 512, 33}}) {
                    TokenBatch batch = batch(lengths);
                    assertClose(actual.run(batch), expected.run(batch), tolerance);
                }
            }
        }
    }

    /** The same threads do both: neither may find the tile unit as the other left it. */
    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "int8"})
    void runsAGraphThatFitsTheTilesAndOneThatDoesNotInTurn(String precision) {
        FastPrecisions.assumeFast(precision);
        TokenBatch batch = batch(130, 40, 200);
        RandomParameters odd = RandomParameters.of(ODD, 8);
        RandomParameters wide = RandomParameters.of(WIDE, 8);
        Graph oddGraph = DistilBertForQuestionAnswering.graph(ODD, odd);
        Graph wideGraph = DistilBertForQuestionAnswering.graph(WIDE, wide);
        assertThat(TileLowering.isFor(new ResultRoles(wideGraph), Precision.of(precision)))
                .isTrue();
        assertThat(TileLowering.isFor(new ResultRoles(oddGraph), Precision.of(precision)))
                .isFalse();
        try (Device device = new OneDnnDeviceProvider().open(options(precision, 2));
                Program onTiles = device.compile(wideGraph, wide);
                Program byOneDnn = device.compile(oddGraph, odd)) {
            Logits expectedWide = onTiles.run(batch);
            Logits expectedOdd = byOneDnn.run(batch);
            for (int i = 0; i < 5; i++) {
                assertClose(onTiles.run(batch), expectedWide, 0);
                assertClose(byOneDnn.run(batch), expectedOdd, 0);
            }
        }
    }

    /**
     * Without what is beyond AVX-512, which leaves fewer steps for a byte, then without what is beyond VNNI, which leaves attention
     * in float32: with this processor's kernels, but for what the device decides.
     */
    @ParameterizedTest
    @ValueSource(ints = {0x27, 0x67})
    void agreesWithTheReferenceDeviceInInt8AsOnAProcessorWithFewerInstructions(int kept) {
        FastPrecisions.assumeFast("int8");
        RandomParameters parameters = RandomParameters.of(WIDE, 4);
        Graph graph = DistilBertForQuestionAnswering.graph(WIDE, parameters);
        OneDnnProcessor processor = OneDnnProcessor.ofThisMachine();
        OneDnnDeviceProvider provider = new OneDnnDeviceProvider(() -> new OneDnnProcessor(
                processor.version(),
                processor.isX86(),
                processor.instructions() & kept,
                processor.products(),
                processor.vendor(),
                false));
        try (Device reference = Devices.open("cpu", DeviceOptions.none());
                Program expected = reference.compile(graph, parameters);
                Device device = provider.open(options("int8", 2));
                Program actual = device.compile(graph, parameters)) {
            for (int[] lengths : new int[][] {{33}, {384, 1, 200}}) {
                TokenBatch batch = batch(lengths);
                assertClose(actual.run(batch), expected.run(batch), 0.5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "int8"})
    void givesTheLogitsOfASequenceAloneInABatchOfMorePassesThanOne(String precision) {
        FastPrecisions.assumeFast(precision);
        RandomParameters parameters = RandomParameters.of(ODD, 5);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        int[] lengths = {512, 500, 512, 490, 512, 512, 1, 512, 512, 512, 80};
        TokenBatch batch = batch(lengths);
        try (Device device = new OneDnnDeviceProvider().open(options(precision, 2));
                Program program = device.compile(graph, parameters)) {
            Logits together = program.run(batch);
            for (int i = 0; i < lengths.length; i++) {
                int[] ids = new int[lengths[i]];
                batch.copy(i, ids, 0);
                Logits alone = program.run(TokenBatch.of(ids));
                // The scales of int8 are each token's own, so the neighbours do not matter there either.
                assertThat(together.start(i)).containsExactly(alone.start(0), within(1e-4f));
                assertThat(together.end(i)).containsExactly(alone.end(0), within(1e-4f));
            }
        }
    }

    @Test
    void takesMoreLengthsThanItKeepsKernelsFor() {
        RandomParameters parameters = RandomParameters.of(ODD, 6);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        try (Device reference = Devices.open("cpu", DeviceOptions.none());
                Program expected = reference.compile(graph, parameters);
                Device device = new OneDnnDeviceProvider().open(options("float32", 2));
                Program actual = device.compile(graph, parameters)) {
            for (int round = 0; round < 2; round++) {
                for (int first = 1; first <= 512; first += 64) {
                    TokenBatch batch = batch(IntStream.range(first, first + 64).toArray());
                    assertClose(actual.run(batch), expected.run(batch), 1e-4);
                }
            }
            // Those of attention for the 64 shapes that are kept, three for each, and those of rows.
            assertThat(Integer.parseInt(device.info().facts().get("kernels")))
                    .isBetween(3 * 64 + 1, ProgramKernels.MOST);
        }
    }

    @Test
    void computesLayerNormsOfSumsThatNoLinearMapGives() {
        RandomParameters parameters = RandomParameters.of(ODD, 7);
        GraphBuilder builder = new GraphBuilder(parameters);
        String layer = "distilbert.transformer.layer.0";
        Node sum = builder.embeddings(
                "distilbert.embeddings.word_embeddings", 97, "distilbert.embeddings.position_embeddings", 512, 20);
        Node first = builder.layerNorm("distilbert.embeddings.LayerNorm", 1e-12, sum);
        // The map's result is used twice, and so is the sum: neither can be overwritten.
        Node map = builder.linear(List.of(layer + ".attention.q_lin"), 20, Activation.NONE, first);
        Node second = builder.layerNorm(layer + ".sa_layer_norm", 1e-12, map, first);
        Node third = builder.layerNorm(layer + ".output_layer_norm", 1e-12, second, map);
        Node fourth = builder.layerNorm(layer + ".output_layer_norm", 1e-12, third, first);
        builder.linear(List.of("qa_outputs"), 2, Activation.NONE, fourth);
        Graph graph = builder.build();
        try (Device reference = Devices.open("cpu", DeviceOptions.none());
                Program expected = reference.compile(graph, parameters);
                Device device = new OneDnnDeviceProvider().open(options("float32", 2));
                Program actual = device.compile(graph, parameters)) {
            TokenBatch batch = batch(3, 100, 17);
            assertClose(actual.run(batch), expected.run(batch), 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16", "int8"})
    void computesAHeadThatFollowsAnActivationAndLeavesOutWhatNobodyTakes(String precision) {
        FastPrecisions.assumeFast(precision);
        RandomParameters parameters = RandomParameters.of(ODD, 10);
        GraphBuilder builder = new GraphBuilder(parameters);
        String attention = "distilbert.transformer.layer.0.attention";
        Node sum = builder.embeddings(
                "distilbert.embeddings.word_embeddings", 97, "distilbert.embeddings.position_embeddings", 512, 20);
        Node hidden = builder.layerNorm("distilbert.embeddings.LayerNorm", 1e-12, sum);
        Node unused = builder.linear(List.of(attention + ".k_lin"), 20, Activation.NONE, hidden);
        builder.layerNorm("distilbert.embeddings.LayerNorm", 1e-12, unused);
        // The map adds the residual after its activation.
        Node activated = builder.linear(List.of(attention + ".v_lin"), 20, Activation.GELU, hidden);
        Node normed = builder.layerNorm("distilbert.embeddings.LayerNorm", 1e-12, hidden, activated);
        Node last = builder.linear(List.of(attention + ".q_lin"), 20, Activation.GELU, normed);
        builder.linear(List.of("qa_outputs"), 2, Activation.NONE, last);
        Graph graph = builder.build();
        try (Device reference = Devices.open("cpu", DeviceOptions.none());
                Program expected = reference.compile(graph, parameters);
                Device device = new OneDnnDeviceProvider().open(options(precision, 2));
                Program actual = device.compile(graph, parameters)) {
            TokenBatch batch = batch(3, 100, 17);
            // The rounding of two maps; int8's shift of activations, if the head were given it, would make more.
            assertClose(actual.run(batch), expected.run(batch), precision.equals("float32") ? 1e-4 : 0.05);
        }
    }

    @Test
    void refusesSelfAttentionThatIsNotOverALinearMap() {
        RandomParameters parameters = RandomParameters.of(
                DistilBertConfig.builder()
                        .vocabSize(97)
                        .nLayers(1)
                        .nHeads(2)
                        .dim(24)
                        .hiddenDim(8)
                        .activation(Activation.RELU)
                        .build(),
                8);
        GraphBuilder builder = new GraphBuilder(parameters);
        Node sum = builder.embeddings(
                "distilbert.embeddings.word_embeddings", 97, "distilbert.embeddings.position_embeddings", 512, 24);
        Node attention = builder.selfAttention(2, sum);
        // The only map of as many inputs as the attention has columns, 8.
        Node wide = builder.linear(List.of("distilbert.transformer.layer.0.ffn.lin2"), 24, Activation.NONE, attention);
        builder.linear(List.of("qa_outputs"), 2, Activation.NONE, wide);
        Graph graph = builder.build();
        try (Device device = new OneDnnDeviceProvider().open(DeviceOptions.none())) {
            assertThatThrownBy(() -> device.compile(graph, parameters))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("SelfAttention");
        }
    }

    @ParameterizedTest
    @CsvSource({"threads, 0", "threads, 1025", "threads, two", "precision, int4", "precision, FLOAT32", "weights, here"
    })
    void refusesOptionsThatAreUnknownOrOutOfRange(String name, String value) {
        OneDnnDeviceProvider provider = new OneDnnDeviceProvider();
        DeviceOptions wrong = DeviceOptions.none().with(name, value);
        assertThatThrownBy(() -> provider.open(wrong).close())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(name);
    }

    @Test
    void saysWhatItIs() {
        try (Device device = new OneDnnDeviceProvider().open(options("float32", 3))) {
            assertThat(device.info().description())
                    .contains("3 threads")
                    .contains("float32")
                    .contains("oneDNN 3.");
            assertThat(device.info().facts())
                    .containsKeys("oneDNN", "processor")
                    .containsEntry("precision", "float32")
                    .containsEntry("threads", "3");
        }
    }

    @Test
    void leavesTheNumberOfThreadsOfOpenMpAsTheCallerHasIt() {
        RandomParameters parameters = RandomParameters.of(ODD, 9);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        try (Device device = new OneDnnDeviceProvider().open(options("float32", 2))) {
            OpenMp.omp_set_num_threads(7);
            try (Program program = device.compile(graph, parameters)) {
                program.run(batch(5));
                assertThat(OpenMp.omp_get_max_threads()).isEqualTo(7);
            }
        }
    }

    static TokenBatch batch(int... lengths) {
        Random random = new Random(lengths.length);
        return TokenBatch.of(IntStream.of(lengths)
                .mapToObj(length -> random.ints(length, 0, 97).toArray())
                .toList());
    }

    private static void assertClose(Logits actual, Logits expected, double tolerance) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.start(i)).containsExactly(expected.start(i), within((float) tolerance));
            assertThat(actual.end(i)).containsExactly(expected.end(i), within((float) tolerance));
        }
    }
}
