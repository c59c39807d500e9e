package org.distilqa.device.tt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.conformance.ReferenceNetwork;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the bundled model's numbers get worse in the emulator: the correlation with double precision of the embeddings, of each layer and
 * of the logits, for the formats and fidelities among which docs/wormhole.md chooses. Prints a line of its table for each.
 */
class LayerCorrelationTest {
    private static final List<List<String>> TEXTS = List.of(
            List.of(
                    "When was the tunnel under the harbour opened?",
                    "Work on the tunnel began in the spring of 1931, after twelve years of argument about who was to pay for it."
                            + " It was dug from both shores at once by some nine hundred men, most of them miners from the"
                            + " valleys further inland, and the two headings met in June 1934, eleven centimetres apart."
                            + " Lining and drainage took another two years. The mayor of the northern town opened it to trams"
                            + " on 3 May 1936; motor cars had to wait until the ventilation shafts were finished in the"
                            + " following autumn. Today about forty thousand people pass through it on a working day."),
            List.of(
                    "What does the glaze contain?",
                    "The potters of the island mix their glaze from wood ash, feldspar and a little iron-rich clay. Fired in"
                            + " plenty of air it turns honey-coloured; where the smoke stays in the kiln it comes out grey-green."));

    private static Checkpoint checkpoint;
    private static Graph graph;
    private static List<int[]> sequences;
    private static List<List<double[][]>> expected;

    @BeforeAll
    static void computeInDoublePrecision() {
        Emulator.require();
        checkpoint = Checkpoint.load("bundled", "main", HubOptions::fromEnvironment);
        graph = checkpoint.graph();
        try (Tokenizer tokenizer = Tokenizers.open(checkpoint.files())) {
            sequences = TEXTS.stream().map(text -> window(tokenizer, text)).toList();
        }
        ReferenceNetwork network = new ReferenceNetwork(graph, checkpoint.parameters());
        expected =
                sequences.stream().map(ids -> network.results(ids, ids.length)).toList();
    }

    @AfterAll
    static void close() {
        Emulator.reset();
        if (checkpoint != null) {
            checkpoint.close();
        }
    }

    private static int[] window(Tokenizer tokenizer, List<String> questionAndContext) {
        IntStream.Builder ids = IntStream.builder().add(tokenizer.classToken());
        for (String text : questionAndContext) {
            IntStream.of(tokenizer.tokenize(text).ids()).forEach(ids::add);
            ids.add(tokenizer.separatorToken());
        }
        return ids.build().toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "hifi3, bfloat16, bfloat16, 0.9999",
        "hifi3, bfloat8_b, bfloat16, 0.9999",
        "hifi3, bfloat8_b, bfloat8_b, 0.9995",
        "hifi4, bfloat16, bfloat16, 0.9998",
        "hifi2, bfloat16, bfloat16, 0.9995",
        "hifi2, bfloat8_b, bfloat16, 0.9995",
        "hifi2, bfloat8_b, bfloat8_b, 0.9995"
    })
    void everyLayerAndTheLogitsCorrelateWithDoublePrecision(
            String fidelity, String weights, String results, double least) {
        List<Double> correlations = new ArrayList<>();
        DeviceOptions options = DeviceOptions.none()
                .with("math-fidelity", fidelity)
                .with("precision", weights)
                .with("activation-precision", results);
        try (Device device = new TtDeviceProvider().open(options);
                TtProgram program = (TtProgram) device.compile(graph, checkpoint.parameters())) {
            List<List<float[]>> actual =
                    sequences.stream().map(program::results).toList();
            for (int node : layers()) {
                correlations.add(
                        correlation(actual, node, 0, graph.nodes().get(node).width()));
            }
            int head = graph.nodes().size() - 1;
            correlations.add(correlation(actual, head, 0, 1));
            correlations.add(correlation(actual, head, 1, 2));
        }
        StringBuilder line = new StringBuilder("| " + fidelity + " | " + weights + " | " + results + " |");
        correlations.forEach(value -> line.append(String.format(Locale.ROOT, " %.5f |", value)));
        System.out.println(line);
        assertThat(correlations)
                .hasSize(1 + 6 + 2)
                .allSatisfy(value -> assertThat(value).isBetween(least, 1.0));
    }

    /** The nodes with what the first and each layer of the network gives: the first layer norm, and then every second. */
    private static List<Integer> layers() {
        List<Integer> norms = graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.LayerNorm)
                .map(Node::index)
                .toList();
        return IntStream.range(0, norms.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(norms::get)
                .toList();
    }

    /** Of some columns of a node, over all sequences. */
    private static double correlation(List<List<float[]>> actual, int node, int from, int to) {
        Pearson pearson = new Pearson();
        for (int sequence = 0; sequence < sequences.size(); sequence++) {
            float[] a = actual.get(sequence).get(node);
            double[][] b = expected.get(sequence).get(node);
            int length = sequences.get(sequence).length;
            for (int t = 0; t < length; t++) {
                for (int column = from; column < to; column++) {
                    pearson.add(a[t * (a.length / length) + column], b[t][column]);
                }
            }
        }
        return pearson.correlation();
    }
}
