package org.distilqa.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;
import org.distilqa.model.Checkpoint;

/**
 * Writes a checkpoint's network in ONNX's format, which the peers read. Inputs: {@code input_ids} and {@code attention_mask},
 * and {@code token_type_ids} where the network has token types, int64 {@code [batch, sequence]}; results: {@code start_logits}
 * and {@code end_logits}, float32 of the same shape.
 */
final class OnnxNetwork {
    /** In which ops. */
    enum Kind {
        /** ONNX's own, as an exporter writes them. */
        PLAIN,
        /** Those that ONNX Runtime's optimiser for transformers makes. */
        FUSED,
        /** As {@link #PLAIN}, weights quantised to int8 by column beforehand, activations by matrix as they come. */
        INT8;

        /** The file's name. */
        String file() {
            return name().toLowerCase(Locale.ROOT) + ".onnx";
        }
    }

    /** Added to the scores of padding; near the least float32. */
    private static final float MASKED = -3.4e38f;

    private static final Map<String, Object> NOTHING = Map.of();

    private final Kind kind;
    private final Graph graph;
    private final Parameters parameters;
    private final OnnxWriter onnx = new OnnxWriter();

    /** The name of each node's result; of a map that gives queries, keys and values, three names. */
    private final Map<Integer, List<String>> results = new HashMap<>();

    private String mask;

    private OnnxNetwork(Kind kind, Graph graph, Parameters parameters) {
        this.kind = kind;
        this.graph = graph;
        this.parameters = parameters;
    }

    /** Writes a file. */
    static void write(Checkpoint checkpoint, Kind kind, Path file) {
        OnnxNetwork network = new OnnxNetwork(kind, checkpoint.graph(), checkpoint.parameters());
        network.build();
        try {
            network.onnx.write(file);
        } catch (IOException e) {
            throw new BenchmarkException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void build() {
        onnx.input("input_ids", OnnxWriter.Type.INT64);
        onnx.input("attention_mask", OnnxWriter.Type.INT64);
        mask = mask();
        for (Node node : graph.nodes()) {
            results.put(node.index(), results(node));
        }
        onnx.output("start_logits", OnnxWriter.Type.FLOAT);
        onnx.output("end_logits", OnnxWriter.Type.FLOAT);
    }

    /** Fused attention takes the mask as it is; the others add to the scores of what is masked. */
    private String mask() {
        if (kind == Kind.FUSED) {
            return cast("attention_mask", OnnxWriter.Type.INT32);
        }
        String absent = onnx.op("Sub", NOTHING, scalar(1), cast("attention_mask", OnnxWriter.Type.FLOAT));
        return onnx.op("Unsqueeze", NOTHING, onnx.op("Mul", NOTHING, absent, scalar(MASKED)), onnx.integers(1, 2));
    }

    private List<String> results(Node node) {
        Op op = node.op();
        if (node.index() == graph.nodes().size() - 1) {
            return head(node);
        } else if (op instanceof Op.Embeddings embeddings) {
            return List.of(embeddings(embeddings));
        } else if (op instanceof Op.LayerNorm norm) {
            return List.of(layerNorm(norm, node));
        } else if (op instanceof Op.Linear linear) {
            return linears(linear, node);
        } else if (op instanceof Op.SelfAttention attention) {
            return List.of(kind == Kind.FUSED ? fusedAttention(attention, node) : attention(attention, node));
        }
        throw new BenchmarkException("ONNX has no op for " + op);
    }

    private String input(Node node, int index) {
        return results.get(node.inputs().get(index)).get(0);
    }

    private String embeddings(Op.Embeddings embeddings) {
        String words = onnx.op("Gather", NOTHING, constant(embeddings.tokens()), "input_ids");
        String length = onnx.op("Shape", Map.of("start", 1, "end", 2), "input_ids");
        String positions =
                onnx.op("Slice", NOTHING, constant(embeddings.positions()), onnx.integers(0), length, onnx.integers(0));
        String sum = onnx.op("Add", NOTHING, words, positions);
        if (embeddings.types().isEmpty()) {
            return sum;
        }
        onnx.input("token_type_ids", OnnxWriter.Type.INT64);
        String types = onnx.op("Gather", NOTHING, constant(embeddings.types().get()), "token_type_ids");
        return onnx.op("Add", NOTHING, sum, types);
    }

    private String layerNorm(Op.LayerNorm norm, Node node) {
        String weight = constant(norm.weight());
        String bias = constant(norm.bias());
        boolean residual = node.inputs().size() == 2;
        if (residual && kind == Kind.FUSED) {
            List<String> inputs = new ArrayList<>(List.of(input(node, 1), input(node, 0), weight, bias));
            if (endsInNorm(graph.nodes().get(node.inputs().get(0)))) {
                Op.Linear map =
                        (Op.Linear) graph.nodes().get(node.inputs().get(0)).op();
                inputs.add(constant(map.biases().get(0)));
            }
            return onnx.microsoft(
                    "SkipLayerNormalization", Map.of("epsilon", (float) norm.epsilon()), inputs.toArray(String[]::new));
        }
        String sum = residual ? onnx.op("Add", NOTHING, input(node, 1), input(node, 0)) : input(node, 0);
        return onnx.op("LayerNormalization", Map.of("axis", -1, "epsilon", (float) norm.epsilon()), sum, weight, bias);
    }

    private List<String> linears(Op.Linear linear, Node node) {
        boolean forAttention = linear.weights().size() == 3;
        if (forAttention && kind == Kind.FUSED) {
            // The fused op multiplies for itself.
            return List.of();
        }
        if (kind == Kind.FUSED && endsInNorm(node)) {
            return List.of(onnx.op("MatMul", NOTHING, input(node, 0), transposed(linear.weights())));
        }
        List<String> maps = new ArrayList<>();
        for (int i = 0; i < linear.weights().size(); i++) {
            String map = map(
                    input(node, 0),
                    linear.weights().get(i),
                    linear.biases().get(i),
                    kind == Kind.INT8,
                    linear.activation());
            maps.add(map);
        }
        return maps;
    }

    /** Whether the fused layer norm after a map adds the map's bias. */
    private boolean endsInNorm(Node node) {
        return node.op() instanceof Op.Linear linear
                && linear.activation() == Activation.NONE
                && graph.nodes().stream()
                        .filter(user -> user.inputs().contains(node.index()))
                        .allMatch(user -> user.op() instanceof Op.LayerNorm
                                && user.inputs().size() == 2
                                && user.inputs().get(0) == node.index());
    }

    private String map(String input, Parameter weight, Parameter bias, boolean int8, Activation activation) {
        String product =
                int8 ? int8Product(input, weight) : onnx.op("MatMul", NOTHING, input, transposed(List.of(weight)));
        if (kind == Kind.FUSED && activation == Activation.GELU) {
            return onnx.microsoft("BiasGelu", NOTHING, product, constant(bias));
        }
        return activated(onnx.op("Add", NOTHING, product, constant(bias)), activation);
    }

    private String activated(String x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case GELU -> onnx.microsoft("Gelu", NOTHING, x);
            case RELU -> onnx.op("Relu", NOTHING, x);
            case SILU -> onnx.op("Mul", NOTHING, x, onnx.op("Sigmoid", NOTHING, x));
            case GELU_TANH -> onnx.microsoft("FastGelu", NOTHING, x);
        };
    }

    private String int8Product(String input, Parameter weight) {
        int outputs = rows(weight);
        int inputs = Math.toIntExact(weight.shape().elements() / outputs);
        float[] values = parameters.read(weight);
        float[] scales = new float[outputs];
        byte[] bytes = new byte[values.length];
        for (int row = 0; row < outputs; row++) {
            float largest = 0;
            for (int i = row * inputs; i < (row + 1) * inputs; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            scales[row] = largest == 0 ? 1 : largest / Byte.MAX_VALUE;
            for (int i = 0; i < inputs; i++) {
                bytes[i * outputs + row] = (byte) Math.round(values[row * inputs + i] / scales[row]);
            }
        }
        List<String> quantised = onnx.ops("DynamicQuantizeLinear", 3, NOTHING, input);
        String sums = onnx.op(
                "MatMulInteger",
                NOTHING,
                quantised.get(0),
                onnx.bytes(bytes, inputs, outputs),
                quantised.get(2),
                onnx.bytes(new byte[outputs], outputs));
        String scale = onnx.op("Mul", NOTHING, quantised.get(1), onnx.floats(scales, outputs));
        return onnx.op("Mul", NOTHING, cast(sums, OnnxWriter.Type.FLOAT), scale);
    }

    private String fusedAttention(Op.SelfAttention attention, Node node) {
        Node maps = graph.nodes().get(node.inputs().get(0));
        Op.Linear linear = (Op.Linear) maps.op();
        float[] biases = new float[maps.width()];
        int offset = 0;
        for (Parameter bias : linear.biases()) {
            float[] values = parameters.read(bias);
            System.arraycopy(values, 0, biases, offset, values.length);
            offset += values.length;
        }
        return onnx.microsoft(
                "Attention",
                Map.of("num_heads", attention.heads()),
                input(maps, 0),
                transposed(linear.weights()),
                onnx.floats(biases, biases.length),
                mask);
    }

    private String attention(Op.SelfAttention attention, Node node) {
        List<String> maps = results.get(node.inputs().get(0));
        int width = node.width() / attention.heads();
        String queries = heads(maps.get(0), attention.heads(), width, 0, 2, 1, 3);
        String keys = heads(maps.get(1), attention.heads(), width, 0, 2, 3, 1);
        String values = heads(maps.get(2), attention.heads(), width, 0, 2, 1, 3);
        String scaled = onnx.op("Div", NOTHING, queries, scalar((float) (1 / attention.scale())));
        String scores = onnx.op("Add", NOTHING, onnx.op("MatMul", NOTHING, scaled, keys), mask);
        String context = onnx.op("MatMul", NOTHING, onnx.op("Softmax", Map.of("axis", -1), scores), values);
        return onnx.op(
                "Reshape",
                NOTHING,
                onnx.op("Transpose", Map.of("perm", new int[] {0, 2, 1, 3}), context),
                onnx.integers(0, 0, node.width()));
    }

    private String heads(String map, int heads, int width, int... order) {
        String split = onnx.op("Reshape", NOTHING, map, onnx.integers(0, 0, heads, width));
        return onnx.op("Transpose", Map.of("perm", order), split);
    }

    /** The last map, to a start and an end logit; nobody quantises it. */
    private List<String> head(Node node) {
        List<Parameter> weightAndBias = node.op().parameters();
        String logits = map(input(node, 0), weightAndBias.get(0), weightAndBias.get(1), false, Activation.NONE);
        List<String> columns = onnx.ops("Split", 2, Map.of("axis", -1), logits);
        onnx.rename(onnx.op("Squeeze", NOTHING, columns.get(0), onnx.integers(-1)), "start_logits");
        onnx.rename(onnx.op("Squeeze", NOTHING, columns.get(1), onnx.integers(-1)), "end_logits");
        return columns;
    }

    private String cast(String x, OnnxWriter.Type type) {
        return onnx.op("Cast", Map.of("to", type.number()), x);
    }

    private String scalar(float value) {
        return onnx.floats(new float[] {value});
    }

    private String constant(Parameter parameter) {
        return onnx.floats(parameters.read(parameter), dimensions(parameter.shape()));
    }

    private static long[] dimensions(Shape shape) {
        return shape.dimensions().stream().mapToLong(Long::longValue).toArray();
    }

    private static int rows(Parameter weight) {
        return Math.toIntExact(weight.shape().dimensions().get(0));
    }

    /** Matrices of the same width, transposed and side by side. */
    private String transposed(List<Parameter> weights) {
        int columns = weights.stream().mapToInt(OnnxNetwork::rows).sum();
        int inputs = Math.toIntExact(weights.get(0).shape().dimensions().get(1));
        float[] target = new float[Math.multiplyExact(columns, inputs)];
        int offset = 0;
        for (Parameter weight : weights) {
            float[] values = parameters.read(weight);
            int outputs = rows(weight);
            for (int row = 0; row < outputs; row++) {
                for (int i = 0; i < inputs; i++) {
                    target[i * columns + offset + row] = values[row * inputs + i];
                }
            }
            offset += outputs;
        }
        return onnx.floats(target, inputs, columns);
    }
}
