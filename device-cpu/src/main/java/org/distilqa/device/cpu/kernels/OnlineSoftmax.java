package org.distilqa.device.cpu.kernels;

/** What is done for each block of {@link Kernels#onlineSoftmax} before its exponentials, in plain loops. */
final class OnlineSoftmax {
    private OnlineSoftmax() {}

    /** Raises each column's maximum to the largest of its scores. */
    static void raiseMaxima(float[] scores, int rows, int columns, float[] maxima) {
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                maxima[j] = Math.max(maxima[j], scores[offset + j]);
            }
        }
    }

    /** Makes each column's factor of its maximum before, and multiplies its sum with it. */
    static void rescale(int columns, float scale, float[] maxima, float[] sums, float[] factors) {
        for (int j = 0; j < columns; j++) {
            factors[j] = Exp.exp(scale * (factors[j] - maxima[j]));
            sums[j] *= factors[j];
        }
    }
}
