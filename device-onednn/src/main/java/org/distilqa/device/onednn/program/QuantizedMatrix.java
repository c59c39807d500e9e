package org.distilqa.device.onednn.program;

import java.util.Arrays;

/**
 * The weights of a linear map in int8, each output with a scale that makes its largest weight 127, and what {@link Quantization}
 * needs of them: further columns and other biases.
 */
public final class QuantizedMatrix {
    private static final int LARGEST = 127;
    /** So that most maps of a network have the same depth, and share kernels. */
    private static final int COLUMN_STEP = 16;
    /** One and a half times two to the power of 23. */
    private static final float ROUNDING = 12582912f;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

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
        int more = input.hasZeroPoint() ? Blocking.divideUp(largestSum / 2, LARGEST) : 0;
        this.paddedDepth = more == 0 ? depth : Pass.roundUp(depth + more, COLUMN_STEP);
        if (!input.hasZeroPoint()) {
            Arrays.fill(sums, 0);
        }
    }

    /** Quantises a checkpoint's weights for inputs that are quantised like this. */
    public static QuantizedMatrix of(LinearParameters parameters, Quantization input) {
        int depth = parameters.depth();
        int outputs = parameters.outputs();
        byte[] weights = new byte[Math.multiplyExact(depth, outputs)];
        float[] scales = new float[outputs];
        float[] row = new float[depth];
        for (int output = 0; output < outputs; output++) {
            parameters.read(output, row);
            scales[output] = quantize(row, weights, output * depth, input.hasZeroPoint());
        }
        return new QuantizedMatrix(depth, weights, scales, parameters.bias(), input);
    }

    /** Rounds the weights of an output, if asked to, so that their sum is even, and returns their scale. */
    private static float quantize(float[] row, byte[] target, int offset, boolean isSumEven) {
        float largest = 0;
        for (float weight : row) {
            largest = Math.max(largest, Math.abs(weight));
        }
        float factor = LARGEST / largest;
        if (Float.isInfinite(factor)) {
            return 0;
        }
        int sum = 0;
        for (int i = 0; i < row.length; i++) {
            // To even, as Math.rint does, but many times as fast: the sum has no room for a fraction.
            int rounded = Float.floatToRawIntBits(row[i] * factor + ROUNDING) - ROUNDING_BITS;
            target[offset + i] = (byte) rounded;
            sum += rounded;
        }
        if (isSumEven && sum % 2 != 0) {
            roundOneTheOtherWay(row, factor, target, offset);
        }
        return largest / LARGEST;
    }

    /** Changes the weight that is nearest to the middle between two steps. */
    private static void roundOneTheOtherWay(float[] row, float factor, byte[] target, int offset) {
        int nearest = 0;
        float largestRest = -1;
        for (int i = 0; i < row.length; i++) {
            float rest = Math.abs(row[i] * factor - target[offset + i]);
            if (rest > largestRest) {
                nearest = i;
                largestRest = rest;
            }
        }
        int rounded = target[offset + nearest];
        int step = row[nearest] * factor > rounded ? 1 : -1;
        // Beyond the largest there is none.
        target[offset + nearest] = (byte) (Math.abs(rounded + step) > LARGEST ? rounded - step : rounded + step);
    }

    public int outputs() {
        return scales.length;
    }

    /** The inputs, and the further columns. */
    public int paddedDepth() {
        return paddedDepth;
    }

    public float[] scales() {
        return scales;
    }

    /** The biases, less what the shift of the inputs adds. */
    public float[] bias() {
        return bias;
    }

    /** Fills {@code row} with the weights of an output, those of the further columns included. */
    public void read(int output, byte[] row) {
        System.arraycopy(weights, output * depth, row, 0, depth);
        int rest = -sums[output] / 2;
        for (int i = depth; i < paddedDepth; i++) {
            int part = Math.max(-LARGEST, Math.min(LARGEST, rest));
            row[i] = (byte) part;
            rest -= part;
        }
    }
}
