package org.distilqa.device.onednn.program;

import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/**
 * The checkpoint's weights and biases of a linear map, one output after another. Those of the queries of a self-attention come
 * multiplied with its scale, which it then need not apply.
 */
public final class LinearParameters {
    private final Op.Linear op;
    private final Parameters parameters;
    private final int depth;
    private final int outputs;
    private final int outputsPerWeight;
    private final float queryScale;

    /**
     * The parameters of a map.
     *
     * @param op the map
     * @param depth its inputs
     * @param outputs its outputs
     * @param queryScale what the first third of the outputs is multiplied with
     * @param parameters where the values are
     */
    public LinearParameters(Op.Linear op, int depth, int outputs, float queryScale, Parameters parameters) {
        this.op = op;
        this.parameters = parameters;
        this.depth = depth;
        this.outputs = outputs;
        this.outputsPerWeight = outputs / op.weights().size();
        this.queryScale = queryScale;
    }

    /** Those of a node. */
    public static LinearParameters of(
            Node node, Op.Linear op, ResultRoles roles, double queryScale, Parameters parameters) {
        return new LinearParameters(op, roles.input(node).width(), node.width(), (float) queryScale, parameters);
    }

    public int depth() {
        return depth;
    }

    public int outputs() {
        return outputs;
    }

    /** Fills {@code row} with the weights of an output. */
    public void read(int output, float[] row) {
        Parameter weight = op.weights().get(output / outputsPerWeight);
        parameters.read(weight.name(), (long) (output % outputsPerWeight) * depth, row, 0, depth);
        float scale = scale(output);
        if (scale != 1) {
            for (int i = 0; i < depth; i++) {
                row[i] *= scale;
            }
        }
    }

    public float[] bias() {
        float[] bias = new float[outputs];
        for (int i = 0; i < op.biases().size(); i++) {
            parameters.read(op.biases().get(i).name(), 0, bias, i * outputsPerWeight, outputsPerWeight);
        }
        for (int output = 0; output < outputs; output++) {
            bias[output] *= scale(output);
        }
        return bias;
    }

    private float scale(int output) {
        return output < outputs / 3 ? queryScale : 1;
    }
}
