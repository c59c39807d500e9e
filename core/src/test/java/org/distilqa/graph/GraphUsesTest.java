package org.distilqa.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphUsesTest {
    private static final int WIDTH = 4;

    private static final int ROWS = 9;

    /** Tensors as the networks name them, with hidden states of few columns. None of them is read. */
    private static final class Shapes implements Parameters {
        @Override
        public String source() {
            return "a test";
        }

        @Override
        public Optional<Shape> shape(String name) {
            if (name.endsWith("embeddings.weight")) {
                return Optional.of(Shape.of(name.contains("type") ? 2 : ROWS, WIDTH));
            }
            long outputs = name.contains("qa_outputs") ? 2 : WIDTH;
            boolean isVector = name.endsWith("bias") || name.matches("(?i).*layer_?norm.weight");
            return Optional.of(isVector ? Shape.of(outputs) : Shape.of(outputs, WIDTH));
        }

        @Override
        public void read(String name, long offset, float[] target, int targetOffset, int length) {
            throw new AssertionError("only shapes are looked at");
        }
    }

    private final GraphBuilder builder = new GraphBuilder(new Shapes());
    private final Node embeddings = builder.embeddings("word_embeddings", ROWS, "position_embeddings", ROWS, WIDTH);

    private Node map(Activation activation, Node input) {
        return builder.linear(List.of("map"), WIDTH, activation, input);
    }

    private Node map(Node input) {
        return map(Activation.NONE, input);
    }

    private Node norm(Node... inputs) {
        return builder.layerNorm("layer_norm", 1e-12, inputs);
    }

    private Node head(Node input) {
        return builder.linear(List.of("qa_outputs"), 2, Activation.NONE, input);
    }

    private GraphUses uses() {
        return new GraphUses(builder.build());
    }

    @Test
    void namesEachConsumerOnceAndWhenTheLastOneRuns() {
        Node doubled = norm(embeddings, embeddings);
        Node first = map(doubled);
        Node unused = map(doubled);
        Node second = norm(first, doubled);
        Node logits = head(second);
        GraphUses uses = uses();
        assertThat(uses.consumers(embeddings)).containsExactly(doubled);
        assertThat(uses.consumers(doubled)).containsExactly(first, unused, second);
        assertThat(uses.consumers(unused)).isEmpty();
        assertThat(uses.consumers(logits)).isEmpty();
        assertThat(uses.lastUse(doubled)).isEqualTo(second.index());
        assertThat(uses.lastUse(unused)).isEqualTo(unused.index());
        // The output is read when all nodes have run.
        assertThat(uses.lastUse(logits)).isEqualTo(logits.index() + 1);
    }

    @Test
    void keepsAliveWhatANodeOrALaterOneTakesAndEndsEachResultOnceButTheOutput() {
        Node hidden = norm(embeddings);
        Node first = map(hidden);
        Node unused = map(hidden);
        Node second = norm(first, hidden);
        Node logits = head(second);
        GraphUses uses = uses();
        assertThat(uses.liveAt(embeddings)).isEmpty();
        assertThat(uses.endingAt(embeddings)).isEmpty();
        assertThat(uses.liveAt(hidden)).containsExactly(embeddings);
        assertThat(uses.endingAt(hidden)).containsExactly(embeddings);
        assertThat(uses.liveAt(first)).containsExactly(hidden);
        assertThat(uses.endingAt(first)).isEmpty();
        assertThat(uses.liveAt(unused)).containsExactly(hidden, first);
        assertThat(uses.endingAt(unused)).containsExactly(unused);
        assertThat(uses.liveAt(second)).containsExactly(hidden, first);
        assertThat(uses.endingAt(second)).containsExactly(hidden, first);
        assertThat(uses.liveAt(logits)).containsExactly(second);
        assertThat(uses.endingAt(logits)).containsExactly(second);
    }

    @ParameterizedTest
    @EnumSource
    void letsALinearMapAddTheResidualOnEitherSideOfTheSum(Side side) {
        Node hidden = norm(embeddings);
        Node map = map(Activation.RELU, hidden);
        Node next = map(map);
        Node sum = side == Side.LEFT ? norm(next, hidden) : norm(hidden, next);
        head(sum);
        GraphUses uses = uses();
        assertThat(uses.residual(next)).contains(hidden);
        assertThat(uses.sum(sum)).contains(next);
        assertThat(uses.residual(map)).isEmpty();
        assertThat(uses.residual(hidden)).isEmpty();
        assertThat(uses.sum(hidden)).isEmpty();
        assertThat(uses.sum(map)).isEmpty();
        // One after another, all of it can be in one place.
        assertThat(uses.overwritten(next)).contains(hidden);
        assertThat(uses.overwritten(sum)).contains(next);
        assertThat(uses.overwritten(map)).isEmpty();
    }

    enum Side {
        LEFT,
        RIGHT
    }

    @Test
    void letsTheLaterOfTwoLinearMapsAddTheOther() {
        Node hidden = norm(embeddings);
        Node first = map(hidden);
        Node second = map(hidden);
        Node sum = norm(second, first);
        head(sum);
        GraphUses uses = uses();
        assertThat(uses.residual(second)).contains(first);
        assertThat(uses.residual(first)).isEmpty();
        assertThat(uses.sum(sum)).contains(second);
    }

    @Test
    void leavesTheSumToTheLayerNormWhereAnInputIsNeededElsewhere() {
        Node hidden = norm(embeddings);
        Node takenTwice = map(hidden);
        Node first = norm(takenTwice, hidden);
        Node residualTakenLater = map(takenTwice);
        Node second = norm(residualTakenLater, first);
        Node ownInput = map(second);
        Node third = norm(ownInput, second);
        Node last = norm(third, first);
        head(last);
        GraphUses uses = uses();
        assertThat(uses.residual(takenTwice)).isEmpty();
        assertThat(uses.residual(residualTakenLater)).isEmpty();
        // It would overwrite what it reads.
        assertThat(uses.residual(ownInput)).isEmpty();
        assertThat(List.of(first, second, third, last))
                .allSatisfy(norm -> assertThat(uses.sum(norm)).isEmpty());
        assertThat(uses.overwritten(first)).isEmpty();
        assertThat(uses.overwritten(second)).contains(residualTakenLater);
        assertThat(uses.overwritten(last)).contains(third);
    }

    @ParameterizedTest
    @EnumSource
    void fusesEverySumOfOurNetworks(Network network) {
        Graph graph = network.graph.apply(new Shapes());
        GraphUses uses = new GraphUses(graph);
        List<Node> sums = graph.nodes().stream()
                .filter(node ->
                        node.op() instanceof Op.LayerNorm && node.inputs().size() == 2)
                .toList();
        assertThat(sums).hasSize(2 * Network.LAYERS);
        assertThat(sums).allSatisfy(sum -> assertThat(uses.sum(sum)).isPresent());
        assertThat(graph.output().op()).isInstanceOf(Op.Linear.class);
        assertThat(graph.output().width()).isEqualTo(2);
    }

    enum Network {
        DISTILBERT(shapes -> {
            DistilBertConfig config = DistilBertConfig.builder()
                    .vocabSize(ROWS)
                    .maxPositionEmbeddings(ROWS)
                    .nLayers(Network.LAYERS)
                    .nHeads(2)
                    .dim(WIDTH)
                    .hiddenDim(WIDTH)
                    .build();
            return DistilBertForQuestionAnswering.graph(config, shapes);
        }),
        BERT(shapes -> {
            BertConfig config = BertConfig.builder()
                    .vocabSize(ROWS)
                    .maxPositionEmbeddings(ROWS)
                    .numHiddenLayers(Network.LAYERS)
                    .numAttentionHeads(2)
                    .hiddenSize(WIDTH)
                    .intermediateSize(WIDTH)
                    .build();
            return BertForQuestionAnswering.graph(config, shapes, "bert.", "");
        });

        static final int LAYERS = 2;
        private final Function<Shapes, Graph> graph;

        Network(Function<Shapes, Graph> graph) {
            this.graph = graph;
        }
    }

    @ParameterizedTest
    @EnumSource
    void sharesBuffersWithoutOverwritingWhatIsNeeded(Network network) {
        Graph graph = network.graph.apply(new Shapes());
        GraphUses uses = new GraphUses(graph);
        ResultBuffers<Integer> buffers = new ResultBuffers<>();
        Map<Integer, Integer> bufferOf = new HashMap<>();
        Node[] holder = new Node[graph.nodes().size()];
        for (Node node : graph.nodes()) {
            int buffer = buffers.take(node.width(), 1);
            bufferOf.put(node.index(), buffer);
            for (int input : node.inputs()) {
                assertThat(holder[bufferOf.get(input)].index()).isEqualTo(input);
                assertThat(bufferOf.get(input)).isNotEqualTo(buffer);
            }
            holder[buffer] = node;
            uses.endingAt(node).forEach(made -> buffers.giveBack(bufferOf.get(made.index())));
        }
        assertThat(holder[bufferOf.get(graph.output().index())]).isEqualTo(graph.output());
        // Three of a block's width alive at once, one of queries, keys and values, and the logits.
        assertThat(buffers.kinds()).hasSize(5);
    }

    @Test
    void refusesNodesThatDoNotFitTogether() {
        assertThatThrownBy(() -> builder.embeddings("word_embeddings", ROWS, "position_embeddings", ROWS, WIDTH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the embeddings are the first node of a graph");
        GraphBuilder ofOneType = new GraphBuilder(new Shapes());
        assertThatThrownBy(() -> ofOneType.embeddings("a", ROWS, "b", ROWS, "types", 1, WIDTH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("types: there are two token types, not 1");
        Node head = head(embeddings);
        for (Node[] inputs : new Node[][] {{}, {embeddings, head}, {embeddings, embeddings, embeddings}}) {
            assertThatThrownBy(() -> norm(inputs))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("layer_norm: a layer norm takes one input, or two of the same width");
        }
        Node threefold = builder.linear(List.of("q", "k", "v"), WIDTH, Activation.NONE, embeddings);
        assertThat(builder.selfAttention(2, threefold).width()).isEqualTo(WIDTH);
        for (int heads : new int[] {0, 3}) {
            assertThatThrownBy(() -> builder.selfAttention(heads, threefold))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("self-attention with " + heads + " heads cannot take 12 columns");
        }
        assertThatThrownBy(() -> builder.selfAttention(1, head)).hasMessageEndingWith("cannot take 2 columns");
    }

    @Test
    void isBuiltWithTwoLogitsATokenAtItsEnd() {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("start and the end logits");
        Node map = map(embeddings);
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        Node head = head(map);
        assertThat(builder.build().output()).isEqualTo(head);
        List<Node> nodes = new ArrayList<>(builder.build().nodes());
        assertThat(nodes).hasSize(3);
        head(map);
        assertThat(builder.build().nodes())
                .startsWith(nodes.toArray(Node[]::new))
                .hasSize(4);
    }
}
