package org.distilqa.device.tt;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.tt.TtLibraryLoader.TtStatusException;

/**
 * The one thread that makes all calls to the native library, which wants one at a time; those of many threads queue up here.
 *
 * <p>A call that takes longer than the time limit, or finds the card gone, fails for good: it and all that follow throw
 * {@link DeviceLostException}. Safe for use by many threads.
 */
final class TtOwner {
    /** How long is waited at most for a native call that does not return. */
    private static final long GRACE_MS = 5_000;

    private final long timeoutMs;
    private final ExecutorService executor;

    private volatile Thread thread;

    /** When the call that the thread is busy with began, in nanoseconds; 0 while it is idle. */
    private volatile long busySince;

    private volatile String failure = "";
    private volatile boolean closed;

    /**
     * A thread, which begins with the first task.
     *
     * @param timeoutMs the time limit of a step of a call, in milliseconds; 0 for none
     */
    TtOwner(long timeoutMs) {
        this.timeoutMs = timeoutMs;
        this.executor = Executors.newSingleThreadExecutor(task -> {
            thread = new Thread(task, "distilqa-tt");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs something, whatever became of the card, and does not wait for it. */
    <T> Future<T> submit(Callable<T> task) {
        return executor.submit(task);
    }

    /** As {@link #submit(Callable)}. */
    Future<?> submit(Runnable task) {
        return executor.submit(task);
    }

    /** Whether calls can be made: the device is open, and none has failed for good. */
    boolean isUsable() {
        return !closed && failure.isEmpty();
    }

    /** Whether no call is being made. */
    boolean isIdle() {
        return busySince == 0;
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets calls be made no more. */
    void close() {
        closed = true;
    }

    /** Lets the thread end when it has done what was submitted. */
    void finish() {
        executor.shutdown();
    }

    /** Whether a task ends within so many milliseconds. An interrupt stays pending. */
    static boolean endsWithin(Future<?> future, long milliseconds) {
        boolean interrupted = false;
        long begin = System.nanoTime();
        try {
            while (true) {
                long left = milliseconds - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                try {
                    future.get(Math.max(0, left), TimeUnit.MILLISECONDS);
                    return true;
                } catch (ExecutionException | CancellationException e) {
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The result of a task, or the failure that it ended with. An interrupt stays pending. */
    static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        if (e.getCause() instanceof QuestionAnsweringException known) {
            return known;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new DeviceException("device tt failed: " + e.getCause(), e.getCause());
    }

    /**
     * Says, on the owner thread, that a step of a longer call has ended: one run of several, one parameter. The time limit is that
     * of a step.
     */
    void progress() {
        busySince = System.nanoTime() | 1;
    }

    /**
     * Runs something on the thread and waits for it.
     *
     * @throws ClosedException if the device was closed
     * @throws DeviceLostException if the time is up or the card gone, or was before
     */
    <T> T call(Callable<T> task) {
        requireUsable();
        Future<T> future;
        try {
            future = executor.submit(() -> {
                requireUsable();
                progress();
                try {
                    return task.call();
                } catch (TtStatusException e) {
                    if (e.status() == TtLibrary.TIMEOUT || e.status() == TtLibrary.DEVICE_LOST) {
                        failure = e.getMessage();
                        throw new DeviceLostException("device tt must be closed and opened again: " + failure, e);
                    }
                    throw e;
                } finally {
                    busySince = 0;
                }
            });
        } catch (RejectedExecutionException e) {
            throw new ClosedException("device tt was closed", e);
        }
        return awaitWithWatch(future);
    }

    private <T> T awaitWithWatch(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(100, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    watch(future);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (CancellationException e) {
                    throw new DeviceLostException("device tt must be closed and opened again: " + failure, e);
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives up on a native call that does not come back. */
    private void watch(Future<?> future) {
        long since = busySince;
        if (failure.isEmpty() && timeoutMs > 0 && since != 0) {
            long busyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            // Later than the native library, which knows more: only when a native call does not return.
            if (busyMs > timeoutMs + Math.max(1_000, Math.min(GRACE_MS, timeoutMs))) {
                failure = "a call has not returned for " + busyMs + " ms";
            }
        }
        if (!failure.isEmpty() && since != 0) {
            future.cancel(false);
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new ClosedException("device tt was closed");
        }
        if (!failure.isEmpty()) {
            throw new DeviceLostException("device tt failed earlier and must be closed and opened again: " + failure);
        }
    }

    /** Waits for the thread's end, though not for ever, and returns whether it has ended. An interrupt stays pending. */
    boolean hasEnded() {
        Thread ending = thread;
        boolean interrupted = false;
        long begin = System.nanoTime();
        long left = GRACE_MS;
        while (left > 0 && ending.isAlive()) {
            try {
                ending.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = GRACE_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !ending.isAlive();
    }
}
