package org.distilqa.benchmarks.jmh;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphBuilder;
import org.distilqa.graph.Node;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Single steps of the network on a device, at DistilBERT's widths. A graph always begins with embeddings and ends with the
 * question-answering head, so a step stands between these two; {@code EMBEDDINGS_AND_HEAD} is what they take by themselves.
 *
 * <p>Public and not final because JMH extends it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepBenchmark {
    private static final int VOCABULARY = 1000;
    private static final int POSITIONS = 512;
    private static final int DIM = 768;
    private static final int HIDDEN = 3072;
    private static final int HEADS = 12;

    /** What stands between the embeddings and the head. */
    public enum Step {
        /** Nothing. */
        EMBEDDINGS_AND_HEAD(DIM) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                return input;
            }
        },
        /** A layer norm with a residual. */
        LAYER_NORM(DIM) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                parameters.with("norm.weight", DIM).with("norm.bias", DIM);
                return graph.layerNorm("norm", 1e-12, input, input);
            }
        },
        /** The maps to queries, keys and values, as one. */
        QUERY_KEY_VALUE(DIM) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                return linear(graph, parameters, 3 * DIM, Activation.NONE, input);
            }
        },
        /** The attention of twelve heads. */
        ATTENTION(3 * DIM) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                return graph.selfAttention(HEADS, input);
            }
        },
        /** The feed-forward's first map, with gelu. */
        FEED_FORWARD_GELU(DIM) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                return linear(graph, parameters, HIDDEN, Activation.GELU, input);
            }
        },
        /** The feed-forward's second map. */
        FEED_FORWARD_OUTPUT(HIDDEN) {
            @Override
            Node add(GraphBuilder graph, RandomParameters parameters, Node input) {
                return linear(graph, parameters, DIM, Activation.NONE, input);
            }
        };

        private final int inputWidth;

        Step(int inputWidth) {
            this.inputWidth = inputWidth;
        }

        abstract Node add(GraphBuilder graph, RandomParameters parameters, Node input);

        private static Node linear(
                GraphBuilder graph, RandomParameters parameters, int outputs, Activation activation, Node input) {
            parameters.with("map.weight", outputs, input.width()).with("map.bias", outputs);
            return graph.linear(List.of("map"), outputs, activation, input);
        }

        /** The graph with this step; its parameters are added to {@code parameters}. */
        Graph graph(RandomParameters parameters) {
            GraphBuilder graph = new GraphBuilder(parameters);
            parameters.with("tokens.weight", VOCABULARY, inputWidth).with("positions.weight", POSITIONS, inputWidth);
            Node output =
                    add(graph, parameters, graph.embeddings("tokens", VOCABULARY, "positions", POSITIONS, inputWidth));
            parameters.with("head.weight", 2, output.width()).with("head.bias", 2);
            graph.linear(List.of("head"), 2, Activation.NONE, output);
            return graph.build();
        }
    }

    /** The device, with its options after semicolons: JMH takes a comma for the next value. */
    @Param("cpu")
    public String device;

    /** Sequences x tokens. */
    @Param({"1x128", "8x384"})
    public String shape;

    /** The step. */
    @Param
    public Step step;

    private TokenBatch batch;
    private Device open;
    private Program program;

    /** Made by JMH. */
    public StepBenchmark() {}

    /** Compiles the graph. */
    @Setup
    public void open() {
        Contender contender = Contender.parse(device.replace(';', ','));
        RandomParameters parameters = new RandomParameters();
        Graph graph = step.graph(parameters);
        open = Devices.open(contender.name(), contender.options());
        program = open.compile(graph, parameters);
        batch = TokenBatch.of(InputShape.parse(shape).tokens(VOCABULARY));
    }

    /** Frees the device. */
    @TearDown
    public void close() {
        open.close();
    }

    /**
     * Runs the graph once.
     *
     * @return the logits, so that the run is not left out
     */
    @Benchmark
    public Logits run() {
        return program.run(batch);
    }
}
