package org.distilqa.device.cpu.kernels;

/**
 * Adds up the partial sums in a vector's lanes, always in the same order. The Vector API's own reduction promises none, and
 * from Java 22 on the interpreter's is another than C2's: the same input would give other bits later.
 */
final class LaneSums {
    private LaneSums() {}

    /** The sum of the first {@code lanes} values, a power of two; they are overwritten. */
    static float total(float[] values, int lanes) {
        for (int half = lanes / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                values[i] += values[i + half];
            }
        }
        return values[0];
    }
}
