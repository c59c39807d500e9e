package org.distilqa.device.cpu;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Runs the kernels of the Vector API on little data, once in a JVM and in a thread of its own, so that C2 has compiled them by
 * the time the weights have been read. Uncompiled, each operation on a vector is a call that allocates its result: the first
 * answer would take seconds and leave hundreds of megabytes of garbage.
 */
final class WarmUp {
    /**
     * HotSpot gives a method to its first compiler after 200 calls, and what that made of it to C2 after 600 more calls with
     * 15,000 iterations together; later when they are busy, sooner with the options that the launcher sets. The first calls
     * are interpreted, so they are short.
     */
    private static final int CALLS_PER_TURN = 50;

    private static final int SHORT_TURNS = 5;
    private static final int SHORT_STEPS = 2;
    private static final int STEPS = 24;

    /** After so many turns, C2 has been asked and may be waited for. */
    private static final int TURNS = 40;

    private static final int CALLS_PER_LATER_TURN = 5;

    /** Leaves the processor to the compilers between two turns. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A compiler that is busier than that is not waited for. */
    private static final long PATIENCE_SECONDS = 10;

    private static Thread thread;

    private WarmUp() {}

    /** Begins, unless that has been done already or the kernels gain nothing by it. */
    static synchronized void begin(Kernels kernels) {
        if (kernels.vectorBits() > 0 && thread == null) {
            thread = new Thread(() -> run(kernels), "distilqa-cpu-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Waits until it is over, which it is sooner than a run of uncompiled kernels would be. */
    static void await() {
        Thread running;
        synchronized (WarmUp.class) {
            running = thread;
        }
        if (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                // The run may go ahead, slowly.
                Thread.currentThread().interrupt();
            }
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
        int lanes = kernels.vectorBits() / Float.SIZE;
        // The largest first: C2 works at them while the others are made ready.
        List<IntConsumer> uses = List.of(
                steps -> kernels.multiplyAddAndReadAhead(
                        left, 0, rows, rows, right, 0, columns, steps, sum, 0, columns, 0, 1),
                steps -> kernels.multiplyAdd(left, 0, rows, rows, right, 0, columns, steps, sum, 0, columns),
                steps -> {
                    Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
                    kernels.onlineSoftmax(sum, Math.max(1, steps * lanes / columns), columns, 1, maxima, sums, factors);
                },
                steps -> kernels.gelu(sum, 0, steps * lanes),
                steps -> kernels.multiplyColumns(sum, Math.max(1, steps * lanes / columns), columns, factors),
                steps -> kernels.layerNorm(sum, 0, steps * lanes, right, right, 1),
                steps -> kernels.add(sum, 0, right, 0, sum, 0, steps * lanes),
                steps -> kernels.dot(sum, 0, right, 0, steps * lanes));
        List<IntConsumer> uncompiled = new ArrayList<>(uses);
        Allocations allocations = Allocations.ofThisThread();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int turn = 0; !uncompiled.isEmpty() && System.nanoTime() < deadline; turn++) {
            int steps = turn < SHORT_TURNS ? SHORT_STEPS : STEPS;
            int calls = turn < TURNS ? CALLS_PER_TURN : CALLS_PER_LATER_TURN;
            boolean late = turn >= TURNS;
            uncompiled.removeIf(use -> {
                for (int call = 0; call < calls; call++) {
                    use.accept(steps);
                }
                return allocations.areKnown() ? allocations.isFree(() -> use.accept(STEPS)) : late;
            });
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How much a thread allocates: uncompiled, every operation on a vector does; compiled, none. */
    private record Allocations(com.sun.management.ThreadMXBean threads) {

        static Allocations ofThisThread() {
            try {
                return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                                && threads.isThreadAllocatedMemorySupported()
                                && threads.isThreadAllocatedMemoryEnabled()
                        ? new Allocations(threads)
                        : new Allocations(null);
            } catch (LinkageError e) {
                // A Java runtime without the module jdk.management.
                return new Allocations(null);
            }
        }

        boolean areKnown() {
            return threads != null;
        }

        boolean isFree(Runnable call) {
            long before = threads.getCurrentThreadAllocatedBytes();
            call.run();
            return threads.getCurrentThreadAllocatedBytes() == before;
        }
    }
}
