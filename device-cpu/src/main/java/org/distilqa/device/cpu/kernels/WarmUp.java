package org.distilqa.device.cpu.kernels;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.distilqa.internal.ThreadTeam;

/**
 * Gets kernels compiled: runs those of the Vector API on little data, in a thread of its own, until C2 has compiled them, once in
 * a JVM, or until no device uses them any more. Uncompiled, each operation on a vector is a call that allocates its result: the first answer would take seconds
 * and leave hundreds of megabytes of garbage. Runs of little work do not wait for it: {@link StandInKernels} compute them.
 */
public final class WarmUp {
    /**
     * So many products (pairs of numbers that are multiplied) may be computed by the kernels that stand in, altogether; some 100
     * tokens of a network of DistilBERT's size. On two cores that takes 0.9 seconds in a new JVM, and waiting for C2 1 to 2.5.
     */
    public static final long STAND_IN_PRODUCTS = 1L << 32;

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

    private static final Map<Kernels, WarmUp> BY_KERNELS = new HashMap<>();

    private final Kernels kernels;
    private final Kernels standIn;
    private final Thread thread;
    private long productsLeft = STAND_IN_PRODUCTS;
    private boolean stopped;

    /** How many devices use the kernels. Guarded by {@link #BY_KERNELS}. */
    private int users;

    /** A warm-up that does this. */
    WarmUp(Kernels kernels, Runnable exercise) {
        this.kernels = kernels;
        this.standIn = new StandInKernels(kernels);
        this.thread = new Thread(exercise, "distilqa-cpu-warm-up");
        thread.setDaemon(true);
    }

    /**
     * The warm-up of these kernels, for a device that uses them from now on; it has not begun, since for a small network it would
     * only delay the first answer.
     */
    public static WarmUp acquire(Kernels kernels) {
        return acquire(kernels, () -> run(kernels));
    }

    /** As {@link #acquire(Kernels)}, where there is none yet one that does this. */
    public static WarmUp acquire(Kernels kernels, Runnable exercise) {
        synchronized (BY_KERNELS) {
            WarmUp warmUp = BY_KERNELS.computeIfAbsent(kernels, key -> new WarmUp(key, exercise));
            warmUp.users++;
            return warmUp;
        }
    }

    /** A device uses the kernels no more. If it was the last one, the warm-up ends, and the next device has another. */
    public void release() {
        synchronized (BY_KERNELS) {
            users--;
            if (users > 0 || thread.getState() == Thread.State.TERMINATED) {
                return;
            }
            BY_KERNELS.remove(kernels, this);
        }
        stop();
    }

    /** Ends it, compiled or not. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        thread.interrupt();
        ThreadTeam.awaitEnd(thread);
    }

    /** Begins, unless that has been done already or the kernels gain nothing by it. */
    public synchronized void begin() {
        if (!stopped && kernels.vectorBits() > 0 && thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /**
     * The kernels to compute a run of so many products with, one that follows now. Waits for the warm-up where that is sooner
     * done than the run would be otherwise.
     */
    public Kernels kernelsFor(long products) {
        if (kernels.vectorBits() == 0 || thread.getState() == Thread.State.TERMINATED) {
            return kernels;
        }
        if (mayStandIn(products)) {
            return standIn;
        }
        begin();
        await();
        return kernels;
    }

    private synchronized boolean mayStandIn(long products) {
        if (products > productsLeft) {
            return false;
        }
        productsLeft -= products;
        return true;
    }

    /** Waits until it is over. */
    public void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The run may go ahead, slowly.
            Thread.currentThread().interrupt();
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
        float[] partial = new float[Kernels.MOST_LANES];
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
                steps -> kernels.gate(sum, 0, steps * lanes, 1, 1),
                steps -> kernels.multiplyColumns(sum, Math.max(1, steps * lanes / columns), columns, factors),
                steps -> kernels.layerNorm(sum, 0, steps * lanes, right, right, 1, partial),
                steps -> kernels.add(sum, 0, right, 0, sum, 0, steps * lanes));
        List<IntConsumer> uncompiled = new ArrayList<>(uses);
        Allocations allocations = Allocations.ofThisThread();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Thread own = Thread.currentThread();
        for (int turn = 0; !uncompiled.isEmpty() && System.nanoTime() < deadline && !own.isInterrupted(); turn++) {
            int steps = turn < SHORT_TURNS ? SHORT_STEPS : STEPS;
            int calls = turn < TURNS ? CALLS_PER_TURN : CALLS_PER_LATER_TURN;
            boolean late = turn >= TURNS;
            uncompiled.removeIf(use -> {
                for (int call = 0; call < calls && !own.isInterrupted(); call++) {
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
