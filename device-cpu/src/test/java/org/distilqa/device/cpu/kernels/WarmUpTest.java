package org.distilqa.device.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WarmUpTest {
    private static final int CALLS = 1000;
    private static final int STEPS = 100;

    /** A vector that C2 left on the heap takes some 100 bytes, and a call of a kernel has hundreds of them. */
    private static final long BYTES_PER_CALL = 100;

    private final Kernels kernels = KernelsLookup.kernels(KernelsLookup.AUTO);
    private final int rows = kernels.panelRows();
    private final int columns = kernels.panelColumns(1);
    private final float[] left = new float[STEPS * rows];
    private final float[] right = new float[STEPS * columns];
    private final float[] sum = new float[STEPS * columns];
    private final float[] maxima = new float[columns];
    private final float[] sums = new float[columns];
    private final float[] factors = new float[columns];
    private final float[] partial = new float[Kernels.MOST_LANES];

    @Test
    void after_it_no_kernel_allocates() {
        assumeTheVectorApi();
        WarmUp warmUp = WarmUp.acquire(kernels);
        warmUp.begin();
        warmUp.await();
        Map<String, Runnable> uses = new LinkedHashMap<>();
        uses.put(
                "multiplyAdd",
                () -> kernels.multiplyAdd(left, 0, rows, rows, right, 0, columns, STEPS, sum, 0, columns));
        uses.put(
                "multiplyAddAndReadAhead",
                () -> kernels.multiplyAddAndReadAhead(
                        left, 0, rows, rows, right, 0, columns, STEPS, sum, 0, columns, 0, 1));
        uses.put("onlineSoftmax", () -> {
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            kernels.onlineSoftmax(sum, STEPS, columns, 1, maxima, sums, factors);
        });
        uses.put("multiplyColumns", () -> kernels.multiplyColumns(sum, STEPS, columns, factors));
        uses.put("gelu", () -> kernels.gelu(sum, 0, sum.length));
        uses.put("gate", () -> kernels.gate(sum, 0, sum.length, 1, 1));
        uses.put("layerNorm", () -> kernels.layerNorm(sum, 0, sum.length, right, right, 1, partial));
        uses.put("add", () -> kernels.add(sum, 0, right, 0, sum, 0, sum.length));

        uses.forEach((name, use) -> assertThat(allocatedBy(use) / CALLS)
                .as("bytes that a call of %s allocates", name)
                .isLessThan(BYTES_PER_CALL));
    }

    private void assumeTheVectorApi() {
        assumeThat(kernels.vectorBits())
                .as("the kernels of the Vector API; this JVM was started without it")
                .isGreaterThan(0);
    }

    /** A warm-up that is over when the latch is down. */
    private WarmUp waitingFor(CountDownLatch latch) {
        assumeTheVectorApi();
        return new WarmUp(kernels, () -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void runs_of_little_work_do_not_wait_for_it_until_they_are_much_work_together() {
        CountDownLatch latch = new CountDownLatch(1);
        WarmUp warmUp = waitingFor(latch);
        for (int run = 0; run < 4; run++) {
            assertThat(warmUp.kernelsFor(WarmUp.STAND_IN_PRODUCTS / 4)).isInstanceOf(StandInKernels.class);
        }
        latch.countDown();
        // Would not return if nobody had begun the warm-up.
        assertThat(warmUp.kernelsFor(1)).isSameAs(kernels);
    }

    @Test
    void runs_of_much_work_wait_for_it() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        WarmUp warmUp = waitingFor(latch);
        FutureTask<Kernels> run = new FutureTask<>(() -> warmUp.kernelsFor(WarmUp.STAND_IN_PRODUCTS + 1));
        Thread thread = new Thread(run);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(run.isDone()).isFalse();
            Thread.onSpinWait();
        }
        latch.countDown();
        assertThat(run.get()).isSameAs(kernels);
    }

    @Test
    void when_it_is_over_nothing_stands_in() {
        WarmUp warmUp = waitingFor(new CountDownLatch(0));
        warmUp.begin();
        warmUp.await();
        assertThat(warmUp.kernelsFor(1)).isSameAs(kernels);
    }

    @Test
    void kernels_without_vectors_need_none() {
        Kernels scalar = KernelsLookup.kernels(KernelsLookup.SCALAR);
        assertThat(WarmUp.acquire(scalar).kernelsFor(Long.MAX_VALUE)).isSameAs(scalar);
    }

    @Test
    void it_ends_with_the_last_device_that_uses_the_kernels_and_begins_anew_with_the_next() throws Exception {
        assumeTheVectorApi();
        Kernels own = new StandInKernels(kernels);
        CompletableFuture<Thread> running = new CompletableFuture<>();
        Runnable exercise = () -> {
            running.complete(Thread.currentThread());
            LockSupport.park();
        };
        WarmUp first = WarmUp.acquire(own, exercise);
        assertThat(WarmUp.acquire(own)).isSameAs(first);
        first.begin();
        Thread thread = running.get();
        first.release();
        assertThat(thread.isInterrupted()).as("with one device still open").isFalse();
        first.release();
        assertThat(thread.isAlive()).isFalse();
        WarmUp next = WarmUp.acquire(own);
        assertThat(next).isNotSameAs(first);
        next.release();
    }

    @Test
    void one_that_was_stopped_does_not_begin() {
        assumeTheVectorApi();
        AtomicBoolean begun = new AtomicBoolean();
        WarmUp warmUp = new WarmUp(kernels, () -> begun.set(true));
        warmUp.stop();
        warmUp.begin();
        warmUp.await();
        assertThat(begun).isFalse();
    }

    private static long allocatedBy(Runnable use) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int call = 0; call < CALLS; call++) {
            use.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
