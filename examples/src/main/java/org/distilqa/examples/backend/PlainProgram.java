package org.distilqa.examples.backend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/**
 * A compiled graph: the weights, and a walk over the nodes for each sequence. A matrix has one row for each token. Nothing is
 * shared between runs but the weights, which never change, so any number of threads may run it.
 */
final class PlainProgram implements Program {
    private final PlainDevice device;
    private final Graph graph;
    private final Map<String, float[]> weights = new HashMap<>();
    private boolean closed;

    PlainProgram(PlainDevice device, Graph graph, Parameters parameters) {
        this.device = device;
        this.graph = graph;
        for (Parameter parameter : graph.parameters()) {
            weights.put(parameter.name(), parameters.read(parameter));
        }
    }

    @Override
    public Logits run(TokenBatch batch) {
        device.lifetime().readLock().lock();
        try {
            device.requireOpen();
            if (closed) {
                throw new ClosedException("the program was closed");
            }
            batch.requireFits(graph);
            return logits(batch);
        } finally {
            device.lifetime().readLock().unlock();
        }
    }

    private Logits logits(TokenBatch batch) {
        float[][] start = new float[batch.size()][];
        float[][] end = new float[batch.size()][];
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int length = batch.length(sequence);
            float[][] logits = run(batch, sequence);
            start[sequence] = new float[length];
            end[sequence] = new float[length];
            for (int t = 0; t < length; t++) {
                start[sequence][t] = logits[t][0];
                end[sequence][t] = logits[t][1];
            }
        }
        return new Logits(start, end);
    }

    @Override
    public void close() {
        device.lifetime().writeLock().lock();
        try {
            closed = true;
        } finally {
            device.lifetime().writeLock().unlock();
        }
    }

    /** The result of the last node, which is the graph's: a start and an end logit for each token. */
    private float[][] run(TokenBatch batch, int sequence) {
        float[][][] results = new float[graph.nodes().size()][][];
        for (Node node : graph.nodes()) {
            List<float[][]> inputs =
                    node.inputs().stream().map(input -> results[input]).toList();
            results[node.index()] = result(node, batch, sequence, inputs);
        }
        return results[results.length - 1];
    }

    private float[][] result(Node node, TokenBatch batch, int sequence, List<float[][]> inputs) {
        if (node.op() instanceof Op.Embeddings op) {
            return embeddings(op, batch, sequence, node.width());
        } else if (node.op() instanceof Op.LayerNorm op) {
            return layerNorm(op, inputs, node.width());
        } else if (node.op() instanceof Op.Linear op) {
            return linear(op, inputs.get(0), node.width());
        } else if (node.op() instanceof Op.SelfAttention op) {
            return selfAttention(op, inputs.get(0), node.width());
        }
        throw new DeviceException("device plain cannot run the op " + node.op());
    }

    private float[][] embeddings(Op.Embeddings op, TokenBatch batch, int sequence, int width) {
        float[][] result = new float[batch.length(sequence)][width];
        for (int t = 0; t < result.length; t++) {
            addRow(op.tokens(), batch.token(sequence, t), result[t]);
            addRow(op.positions(), t, result[t]);
            if (op.types().isPresent()) {
                addRow(op.types().get(), batch.type(sequence, t), result[t]);
            }
        }
        return result;
    }

    private void addRow(Parameter table, int row, float[] sum) {
        float[] values = weights.get(table.name());
        for (int j = 0; j < sum.length; j++) {
            sum[j] += values[row * sum.length + j];
        }
    }

    private float[][] layerNorm(Op.LayerNorm op, List<float[][]> inputs, int width) {
        float[] weight = weights.get(op.weight().name());
        float[] bias = weights.get(op.bias().name());
        float[][] result = new float[inputs.get(0).length][width];
        for (int t = 0; t < result.length; t++) {
            float[] row = result[t];
            double mean = 0;
            for (int j = 0; j < width; j++) {
                for (float[][] input : inputs) {
                    row[j] += input[t][j];
                }
                mean += row[j] / (double) width;
            }
            double variance = 0;
            for (int j = 0; j < width; j++) {
                variance += (row[j] - mean) * (row[j] - mean) / width;
            }
            double scale = 1 / Math.sqrt(variance + op.epsilon());
            for (int j = 0; j < width; j++) {
                row[j] = (float) ((row[j] - mean) * scale * weight[j] + bias[j]);
            }
        }
        return result;
    }

    private float[][] linear(Op.Linear op, float[][] input, int width) {
        float[][] result = new float[input.length][width];
        int column = 0;
        for (int i = 0; i < op.weights().size(); i++) {
            float[] matrix = weights.get(op.weights().get(i).name());
            float[] bias = weights.get(op.biases().get(i).name());
            for (int output = 0; output < bias.length; output++, column++) {
                for (int t = 0; t < input.length; t++) {
                    float[] row = input[t];
                    double sum = bias[output];
                    for (int k = 0; k < row.length; k++) {
                        sum += row[k] * matrix[output * row.length + k];
                    }
                    result[t][column] = (float) activate(op.activation(), sum);
                }
            }
        }
        return result;
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> x * 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
        };
    }

    /** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; the error is at most 1.5e-7. */
    private static double erf(double x) {
        double t = 1 / (1 + 0.3275911 * Math.abs(x));
        double polynomial =
                t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        return Math.copySign(1 - polynomial * Math.exp(-x * x), x);
    }

    private static float[][] selfAttention(Op.SelfAttention op, float[][] queryKeyValue, int width) {
        int length = queryKeyValue.length;
        int size = width / op.heads();
        float[][] result = new float[length][width];
        double[] scores = new double[length];
        for (int head = 0; head < op.heads(); head++) {
            int query = head * size;
            int key = width + query;
            int value = width + key;
            for (int t = 0; t < length; t++) {
                double max = Double.NEGATIVE_INFINITY;
                for (int s = 0; s < length; s++) {
                    double score = 0;
                    for (int j = 0; j < size; j++) {
                        score += queryKeyValue[t][query + j] * queryKeyValue[s][key + j];
                    }
                    scores[s] = score * op.scale();
                    max = Math.max(max, scores[s]);
                }
                double sum = 0;
                for (int s = 0; s < length; s++) {
                    scores[s] = Math.exp(scores[s] - max);
                    sum += scores[s];
                }
                for (int s = 0; s < length; s++) {
                    for (int j = 0; j < size; j++) {
                        result[t][query + j] += (float) (scores[s] / sum * queryKeyValue[s][value + j]);
                    }
                }
            }
        }
        return result;
    }
}
