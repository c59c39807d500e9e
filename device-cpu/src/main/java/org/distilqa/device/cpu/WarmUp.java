package org.distilqa.device.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the kernels of the Vector API on little data, once in a JVM and in a thread of its own, so that C2 has compiled them by
 * the time the weights have been read. Uncompiled, each operation on a vector is a call that allocates its result, and the
 * first answer would take seconds.
 */
final class WarmUp {
    /** HotSpot hands a method with loops to C2 after some 600 calls and 15,000 iterations, no sooner. */
    private static final int CALLS = 650;

    private static final int STEPS = 24;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private WarmUp() {}

    /** Begins, unless that has been done already or the kernels gain nothing by it. */
    static void begin(Kernels kernels) {
        if (kernels.vectorBits() > 0 && BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> run(kernels), "distilqa-cpu-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void run(Kernels kernels) {
        int rows = kernels.panelRows();
        int columns = kernels.panelColumns(1);
        float[] left = new float[STEPS * rows];
        float[] right = new float[STEPS * columns];
        float[] sum = new float[STEPS * columns];
        float[] maxima = new float[columns];
        float[] sums = new float[columns];
        float[] factors = new float[columns];
        int length = STEPS * columns;
        // What a short text waits for comes first, what only many rows need comes last.
        for (int call = 0; call < CALLS; call++) {
            kernels.multiplyAddAndReadAhead(left, 0, rows, rows, right, 0, columns, STEPS, sum, 0, columns, 0, 1);
        }
        for (int call = 0; call < CALLS; call++) {
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            kernels.onlineSoftmax(sum, STEPS, columns, 1, maxima, sums, factors);
            kernels.multiplyColumns(sum, STEPS, columns, factors);
            kernels.gelu(sum, 0, length);
            kernels.layerNorm(sum, 0, length, right, right, 1);
            kernels.add(sum, 0, right, 0, sum, 0, length);
            kernels.dot(sum, 0, right, 0, length);
        }
        for (int call = 0; call < CALLS; call++) {
            kernels.multiplyAdd(left, 0, rows, rows, right, 0, columns, STEPS, sum, 0, columns);
        }
    }
}
