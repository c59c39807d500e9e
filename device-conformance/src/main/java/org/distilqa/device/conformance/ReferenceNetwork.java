package org.distilqa.device.conformance;

import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * A graph in float64, each op as its Javadoc states it, without a thought for speed: what each node gives for a sequence, to find where
 * a device goes wrong. Immutable.
 */
public final class ReferenceNetwork {
    private final Graph graph;
    private final Map<String, float[]> values = new HashMap<>();

    /**
     * Reads all parameters of a graph.
     *
     * @param graph the graph
     * @param parameters where the values are
     */
    public ReferenceNetwork(Graph graph, Parameters parameters) {
        this.graph = graph;
        for (Parameter parameter : graph.parameters()) {
            values.put(parameter.name(), parameters.read(parameter));
        }
    }

    /**
     * What the graph gives for a sequence.
     *
     * @param ids the token ids
     * @param secondSegment the index of the first token of the second type; their number, if there is none
     * @return for each token the logits that it starts and ends the answer, {@code [ids.length, 2]}
     */
    public double[][] logits(int[] ids, int secondSegment) {
        return results(ids, secondSegment).get(graph.output().index());
    }

    /**
     * What each node gives for a sequence.
     *
     * @param ids the token ids
     * @param secondSegment the index of the first token of the second type; their number, if there is none
     * @return for each node, in the order of the graph, {@code [ids.length, width]}
     */
    public List<double[][]> results(int[] ids, int secondSegment) {
        List<double[][]> results = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<double[][]> inputs = node.inputs().stream().map(results::get).toList();
            results.add(result(node, inputs, ids, secondSegment));
        }
        return results;
    }

    private double[][] result(Node node, List<double[][]> inputs, int[] ids, int secondSegment) {
        if (node.op() instanceof Op.Embeddings op) {
            return embeddings(op, node.width(), ids, secondSegment);
        } else if (node.op() instanceof Op.LayerNorm op) {
            return layerNorm(op, inputs, node.width());
        } else if (node.op() instanceof Op.Linear op) {
            return linear(op, inputs.get(0), node.width());
        } else if (node.op() instanceof Op.SelfAttention op) {
            return selfAttention(op, inputs.get(0), node.width());
        }
        throw new IllegalArgumentException("the op " + node.op());
    }

    private double[][] embeddings(Op.Embeddings op, int width, int[] ids, int secondSegment) {
        double[][] result = new double[ids.length][width];
        for (int t = 0; t < ids.length; t++) {
            addRow(values.get(op.tokens().name()), ids[t], result[t]);
            addRow(values.get(op.positions().name()), t, result[t]);
            if (op.types().isPresent()) {
                addRow(values.get(op.types().get().name()), t < secondSegment ? 0 : 1, result[t]);
            }
        }
        return result;
    }

    private static void addRow(float[] table, int row, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += table[row * sum.length + i];
        }
    }

    private double[][] layerNorm(Op.LayerNorm op, List<double[][]> inputs, int width) {
        double[][] result = new double[inputs.get(0).length][];
        for (int t = 0; t < result.length; t++) {
            double[] sum = new double[width];
            for (double[][] input : inputs) {
                for (int i = 0; i < width; i++) {
                    sum[i] += input[t][i];
                }
            }
            result[t] = layerNorm(
                    sum, values.get(op.weight().name()), values.get(op.bias().name()), op.epsilon());
        }
        return result;
    }

    /**
     * A row with mean 0 and variance 1, scaled and shifted.
     *
     * @param row the row
     * @param weight what each element is multiplied with
     * @param bias what is added to each
     * @param epsilon what is added to the variance
     * @return the result
     */
    public static double[] layerNorm(double[] row, float[] weight, float[] bias, double epsilon) {
        double mean = Arrays.stream(row).average().orElseThrow();
        double variance =
                Arrays.stream(row).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        double[] result = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            result[i] = (row[i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + bias[i];
        }
        return result;
    }

    /** The matrices, {@code [outputs, inputs]} each, side by side. */
    private double[][] linear(Op.Linear op, double[][] input, int width) {
        double[][] result = new double[input.length][width];
        int each = width / op.weights().size();
        IntStream.range(0, width).parallel().forEach(output -> {
            float[] weight = values.get(op.weights().get(output / each).name());
            float[] bias = values.get(op.biases().get(output / each).name());
            int row = output % each;
            for (int t = 0; t < input.length; t++) {
                int inputs = input[t].length;
                double sum = bias[row];
                for (int i = 0; i < inputs; i++) {
                    sum += input[t][i] * weight[row * inputs + i];
                }
                result[t][output] = activate(op.activation(), sum);
            }
        });
        return result;
    }

    /**
     * An activation of a value.
     *
     * @param activation which
     * @param x the value
     * @return the result, to about 1e-14
     */
    public static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> x * 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
        };
    }

    /** By its series, or where that converges slowly, by its continued fraction (Abramowitz and Stegun, 7.1.6 and 7.1.14). */
    private static double erf(double x) {
        double z = Math.abs(x);
        double result;
        if (z < 3) {
            double term = z;
            result = z;
            for (int n = 1; n < 100; n++) {
                term *= 2 * z * z / (2 * n + 1);
                result += term;
            }
            result *= 2 / Math.sqrt(Math.PI) * Math.exp(-z * z);
        } else {
            double fraction = 0;
            for (int n = 100; n > 0; n--) {
                fraction = n / 2.0 / (z + fraction);
            }
            result = 1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction);
        }
        return Math.copySign(result, x);
    }

    private static double[][] selfAttention(Op.SelfAttention op, double[][] queryKeyValue, int width) {
        double[][] result = new double[queryKeyValue.length][width];
        int size = width / op.heads();
        for (int head = 0; head < width; head += size) {
            for (int query = 0; query < result.length; query++) {
                attend(op.scale(), queryKeyValue, width, size, head, query, result[query]);
            }
        }
        return result;
    }

    /** What one query gets in one head, whose values begin at a column. */
    private static void attend(
            double scale, double[][] queryKeyValue, int width, int size, int head, int query, double[] result) {
        double[] shares = new double[queryKeyValue.length];
        for (int key = 0; key < shares.length; key++) {
            for (int d = head; d < head + size; d++) {
                shares[key] += queryKeyValue[query][d] * queryKeyValue[key][width + d] * scale;
            }
        }
        double largest = Arrays.stream(shares).max().orElseThrow();
        Arrays.setAll(shares, key -> Math.exp(shares[key] - largest));
        double sum = Arrays.stream(shares).sum();
        for (int key = 0; key < shares.length; key++) {
            for (int d = head; d < head + size; d++) {
                result[d] += shares[key] / sum * queryKeyValue[key][2 * width + d];
            }
        }
    }
}
