package org.distilqa.device.cpu;

import java.util.Arrays;
import java.util.Optional;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/** The ops as their Javadoc states them, in float64, one sequence at a time, without a thought for speed. */
final class Reference {
    private final Graph graph;
    private final Parameters parameters;

    Reference(Graph graph, Parameters parameters) {
        this.graph = graph;
        this.parameters = parameters;
    }

    /** The start and the end logit of each token of a sequence without a second segment. */
    double[][] run(int[] tokens) {
        return run(tokens, tokens.length);
    }

    /** The start and the end logit of each token. */
    double[][] run(int[] tokens, int secondSegment) {
        double[][][] results = new double[graph.nodes().size()][][];
        for (Node node : graph.nodes()) {
            double[][][] inputs =
                    node.inputs().stream().map(input -> results[input]).toArray(double[][][]::new);
            results[node.index()] = compute(node.op(), inputs, tokens, secondSegment);
        }
        return results[results.length - 1];
    }

    private double[][] compute(Op op, double[][][] inputs, int[] tokens, int secondSegment) {
        if (op instanceof Op.Embeddings embeddings) {
            return embeddings(embeddings, tokens, secondSegment);
        }
        if (op instanceof Op.LayerNorm norm) {
            return layerNorm(norm, inputs);
        }
        if (op instanceof Op.Linear linear) {
            return linear(linear, inputs[0]);
        }
        if (op instanceof Op.SelfAttention attention) {
            return attention(inputs[0], attention.heads(), attention.scale());
        }
        throw new AssertionError(op);
    }

    private double[][] embeddings(Op.Embeddings op, int[] tokens, int secondSegment) {
        float[] table = parameters.read(op.tokens());
        float[] positions = parameters.read(op.positions());
        Optional<float[]> types = op.types().map(parameters::read);
        int dim = Math.toIntExact(op.tokens().shape().dimensions().get(1));
        double[][] result = new double[tokens.length][dim];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < dim; i++) {
                result[t][i] = (double) table[tokens[t] * dim + i] + positions[t * dim + i];
                if (types.isPresent()) {
                    result[t][i] += types.get()[(t < secondSegment ? 0 : 1) * dim + i];
                }
            }
        }
        return result;
    }

    private double[][] layerNorm(Op.LayerNorm op, double[][][] inputs) {
        float[] weight = parameters.read(op.weight());
        float[] bias = parameters.read(op.bias());
        double[][] result = new double[inputs[0].length][];
        for (int t = 0; t < result.length; t++) {
            double[] x = inputs[0][t].clone();
            for (int i = 0; inputs.length > 1 && i < x.length; i++) {
                x[i] += inputs[1][t][i];
            }
            result[t] = layerNorm(x, weight, bias, op.epsilon());
        }
        return result;
    }

    static double[] layerNorm(double[] x, float[] weight, float[] bias, double epsilon) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + bias[i];
        }
        return result;
    }

    private double[][] linear(Op.Linear op, double[][] input) {
        double[][] result = new double[input.length][0];
        for (int map = 0; map < op.weights().size(); map++) {
            Parameter weight = op.weights().get(map);
            double[][] part = affine(
                    input, parameters.read(weight), parameters.read(op.biases().get(map)));
            for (int t = 0; t < input.length; t++) {
                double[] joined = Arrays.copyOf(result[t], result[t].length + part[t].length);
                for (int i = 0; i < part[t].length; i++) {
                    joined[result[t].length + i] = activate(op.activation(), part[t][i]);
                }
                result[t] = joined;
            }
        }
        return result;
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case GELU -> gelu(x);
            case GELU_TANH -> geluTanh(x);
            case SILU -> silu(x);
        };
    }

    static double geluTanh(double x) {
        return x * 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    static double gelu(double x) {
        return x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** Where |x| is small the Taylor series, else Lentz's continued fraction of erfc; both to about 1e-14. */
    static double erf(double x) {
        double z = Math.abs(x);
        if (z > 6) {
            return Math.signum(x);
        }
        if (z < 2.5) {
            double term = z;
            double sum = z;
            for (int n = 1; n < 100; n++) {
                term *= -z * z / n;
                sum += term / (2 * n + 1);
            }
            return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = z;
        for (int n = 200; n > 0; n--) {
            fraction = z + n / 2.0 / fraction;
        }
        return Math.signum(x) * (1 - Math.exp(-z * z) / (fraction * Math.sqrt(Math.PI)));
    }

    private static double[][] affine(double[][] input, float[] weight, float[] bias) {
        double[][] result = new double[input.length][bias.length];
        for (int t = 0; t < input.length; t++) {
            int inputs = input[t].length;
            for (int o = 0; o < bias.length; o++) {
                double sum = bias[o];
                for (int i = 0; i < inputs; i++) {
                    sum += input[t][i] * weight[o * inputs + i];
                }
                result[t][o] = sum;
            }
        }
        return result;
    }

    private static double[][] attention(double[][] queryKeyValue, int heads, double scale) {
        int length = queryKeyValue.length;
        int dim = queryKeyValue[0].length / 3;
        int size = dim / heads;
        double[][] result = new double[length][dim];
        for (int head = 0; head < heads; head++) {
            for (int query = 0; query < length; query++) {
                double[] scores = new double[length];
                for (int key = 0; key < length; key++) {
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        scores[key] += queryKeyValue[query][d] * queryKeyValue[key][dim + d] * scale;
                    }
                }
                double max = Arrays.stream(scores).max().orElseThrow();
                double sum = Arrays.stream(scores).map(s -> Math.exp(s - max)).sum();
                for (int key = 0; key < length; key++) {
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        result[query][d] += Math.exp(scores[key] - max) / sum * queryKeyValue[key][2 * dim + d];
                    }
                }
            }
        }
        return result;
    }
}
