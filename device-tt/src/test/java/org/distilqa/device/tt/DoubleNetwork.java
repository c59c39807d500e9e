package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/** DistilBERT's ops in double precision: what each of them gives for a sequence. Without token types, and with the gelu of erf. */
final class DoubleNetwork {
    private final Graph graph;
    private final Map<String, float[]> weights = new HashMap<>();

    DoubleNetwork(Graph graph, Parameters parameters) {
        this.graph = graph;
        for (Parameter parameter : graph.parameters()) {
            weights.put(parameter.name(), parameters.read(parameter));
        }
    }

    /** For each node its values of each token, {@code [length, width]}. */
    List<double[]> results(int[] ids) {
        List<double[]> results = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<double[]> inputs = node.inputs().stream().map(results::get).toList();
            results.add(result(node, ids, inputs));
        }
        return results;
    }

    private double[] result(Node node, int[] ids, List<double[]> inputs) {
        if (node.op() instanceof Op.Embeddings op) {
            return embeddings(op, ids, node.width());
        } else if (node.op() instanceof Op.LayerNorm op) {
            return layerNorm(op, inputs, node.width());
        } else if (node.op() instanceof Op.Linear op) {
            return linear(op.weights(), op.biases(), op.activation(), inputs.get(0), ids.length);
        } else if (node.op() instanceof Op.SelfAttention op) {
            return selfAttention(op, inputs.get(0), ids.length, node.width());
        }
        throw new IllegalArgumentException("the op " + node.op());
    }

    private double[] embeddings(Op.Embeddings op, int[] ids, int width) {
        float[] tokens = weights.get(op.tokens().name());
        float[] positions = weights.get(op.positions().name());
        double[] result = new double[ids.length * width];
        for (int t = 0; t < ids.length; t++) {
            for (int j = 0; j < width; j++) {
                result[t * width + j] = (double) tokens[ids[t] * width + j] + positions[t * width + j];
            }
        }
        return result;
    }

    private double[] layerNorm(Op.LayerNorm op, List<double[]> inputs, int width) {
        float[] weight = weights.get(op.weight().name());
        float[] bias = weights.get(op.bias().name());
        double[] result = new double[inputs.get(0).length];
        for (int first = 0; first < result.length; first += width) {
            double mean = 0;
            for (int j = first; j < first + width; j++) {
                for (double[] input : inputs) {
                    result[j] += input[j];
                }
                mean += result[j] / width;
            }
            double variance = 0;
            for (int j = first; j < first + width; j++) {
                variance += (result[j] - mean) * (result[j] - mean) / width;
            }
            for (int j = 0; j < width; j++) {
                double normalized = (result[first + j] - mean) / Math.sqrt(variance + op.epsilon());
                result[first + j] = normalized * weight[j] + bias[j];
            }
        }
        return result;
    }

    /** The matrices, {@code [outputs, inputs]} each, side by side. */
    private double[] linear(
            List<Parameter> matrices, List<Parameter> biases, Activation activation, double[] input, int rows) {
        int inner = input.length / rows;
        int width = biases.stream()
                .mapToInt(bias -> Math.toIntExact(bias.shape().elements()))
                .sum();
        double[] result = new double[rows * width];
        int column = 0;
        for (int i = 0; i < matrices.size(); i++) {
            float[] matrix = weights.get(matrices.get(i).name());
            float[] bias = weights.get(biases.get(i).name());
            int first = column;
            IntStream.range(0, bias.length).parallel().forEach(output -> {
                for (int t = 0; t < rows; t++) {
                    double sum = bias[output];
                    for (int k = 0; k < inner; k++) {
                        sum += input[t * inner + k] * matrix[output * inner + k];
                    }
                    result[t * width + first + output] = activation == Activation.NONE ? sum : gelu(activation, sum);
                }
            });
            column += bias.length;
        }
        return result;
    }

    private static double gelu(Activation activation, double x) {
        if (activation != Activation.GELU) {
            throw new IllegalArgumentException("the activation " + activation);
        }
        return x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** Its Maclaurin series, whose terms are at most 1.1e5 within these bounds; beyond them it is 1 to 1.6e-8. */
    private static double erf(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double sum = 0;
        double power = x;
        for (int n = 0; n < 80; n++) {
            sum += power / (2 * n + 1);
            power *= -x * x / (n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double[] selfAttention(Op.SelfAttention op, double[] queryKeyValue, int length, int width) {
        int size = width / op.heads();
        double[] result = new double[length * width];
        for (int head = 0; head < op.heads(); head++) {
            for (int t = 0; t < length; t++) {
                attend(op.scale(), queryKeyValue, length, width, size, head * size, t, result);
            }
        }
        return result;
    }

    /** What one token gets in one head, whose values begin at a column. */
    private static void attend(
            double scale, double[] queryKeyValue, int length, int width, int size, int head, int t, double[] result) {
        double[] scores = new double[length];
        double most = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < length; s++) {
            for (int j = head; j < head + size; j++) {
                scores[s] += queryKeyValue[t * 3 * width + j] * queryKeyValue[s * 3 * width + width + j] * scale;
            }
            most = Math.max(most, scores[s]);
        }
        double sum = 0;
        for (int s = 0; s < length; s++) {
            scores[s] = Math.exp(scores[s] - most);
            sum += scores[s];
        }
        for (int s = 0; s < length; s++) {
            for (int j = head; j < head + size; j++) {
                result[t * width + j] += scores[s] / sum * queryKeyValue[s * 3 * width + 2 * width + j];
            }
        }
    }
}
