package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread of a test does, though not for ever. */
public final class Latches {
    private static final int SECONDS = 30;

    private Latches() {}

    /** Until a latch is open. */
    public static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Until something is so. */
    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within %d seconds", SECONDS).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    /** Until a thread waits for another one. */
    public static void awaitWaiting(Thread thread) {
        await(() -> {
            assertThat(thread.getState()).isNotEqualTo(Thread.State.TERMINATED);
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        });
    }
}
