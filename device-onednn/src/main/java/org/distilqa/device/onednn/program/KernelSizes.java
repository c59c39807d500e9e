package org.distilqa.device.onednn.program;

/**
 * The sizes that there are kernels for. A kernel is compiled for its shape, so numbers of rows and lengths of sequences are rounded
 * up to these: multiples of 8 up to 128, of 16 up to 256, of 32 up to 512, of 64 beyond. What is computed for nothing is at most
 * an eighth from 64 on, and some 4 % on the average.
 */
public final class KernelSizes {
    /** By so much less than this is a number rounded up. */
    public static final int LARGEST_STEP = 64;

    private static final int SMALLEST_STEP = 8;

    private KernelSizes() {}

    /** The smallest size that is not below a positive number. */
    public static int roundUp(int number) {
        int eighth = Integer.highestOneBit(Math.max(1, number - 1)) / 8;
        return Pass.roundUp(number, Math.max(SMALLEST_STEP, Math.min(LARGEST_STEP, eighth)));
    }
}
