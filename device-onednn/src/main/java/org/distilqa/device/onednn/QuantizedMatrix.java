package org.distilqa.device.onednn;

import java.util.Arrays;

/**
 * The weights of a linear map in int8, each output with a scale that makes its largest weight 127, and what {@link Quantization}
 * needs of them: further columns and other biases.
 */
final class QuantizedMatrix {
    private static final int LARGEST = 127;
    /** So that most maps of a network have the same depth, and share kernels. */
    private static final int COLUMN_STEP = 32;

    private final int depth;
    private final int paddedDepth;
    private final byte[] weights;
    private final float[] scales;
    private final float[] bias;
    private final int[] sums;

    private QuantizedMatrix(int depth, byte[] weights, float[] scales, float[] bias, Quantization input) {
        this.depth = depth;
        this.weights = weights;
        this.scales = scales;
        this.bias = bias.clone();
        this.sums = new int[scales.length];
        int largestSum = 0;
        for (int output = 0; output < sums.length; output++) {
            for (int i = 0; i < depth; i++) {
                sums[output] += weights[output * depth + i];
            }
            largestSum = Math.max(largestSum, Math.abs(sums[output]));
            this.bias[output] -= input.shift() * scales[output] * sums[output];
        }
        int more = input.zeroPoint() == 0 ? 0 : (largestSum + LARGEST - 1) / LARGEST;
        this.paddedDepth = more == 0 ? depth : Pass.roundUp(depth + more, COLUMN_STEP);
        if (input.zeroPoint() == 0) {
            Arrays.fill(sums, 0);
        }
    }

    /** Quantises a checkpoint's weights for inputs that are quantised like this. */
    static QuantizedMatrix of(LinearParameters parameters, Quantization input) {
        int depth = parameters.depth();
        int outputs = parameters.outputs();
        byte[] weights = new byte[Math.multiplyExact(depth, outputs)];
        float[] scales = new float[outputs];
        float[] row = new float[depth];
        for (int output = 0; output < outputs; output++) {
            parameters.read(output, row);
            scales[output] = quantize(row, weights, output * depth);
        }
        return new QuantizedMatrix(depth, weights, scales, parameters.bias(), input);
    }

    private static float quantize(float[] row, byte[] target, int offset) {
        float largest = 0;
        for (float weight : row) {
            largest = Math.max(largest, Math.abs(weight));
        }
        if (largest == 0) {
            return 0;
        }
        float factor = LARGEST / largest;
        for (int i = 0; i < row.length; i++) {
            target[offset + i] = (byte) Math.rint(row[i] * factor);
        }
        return largest / LARGEST;
    }

    int outputs() {
        return scales.length;
    }

    /** The inputs, and the further columns. */
    int paddedDepth() {
        return paddedDepth;
    }

    float[] scales() {
        return scales;
    }

    /** The biases, less what the shift of the inputs adds. */
    float[] bias() {
        return bias;
    }

    /** Fills {@code row} with the weights of an output, those of the further columns included. */
    void read(int output, byte[] row) {
        System.arraycopy(weights, output * depth, row, 0, depth);
        int rest = -sums[output];
        for (int i = depth; i < paddedDepth; i++) {
            int part = Math.max(-LARGEST, Math.min(LARGEST, rest));
            row[i] = (byte) part;
            rest -= part;
        }
    }
}
