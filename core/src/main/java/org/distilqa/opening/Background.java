package org.distilqa.opening;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.distilqa.OperationInterruptedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is opened in a thread of its own, which sees the service providers and resources that its maker sees. The
 * thread ends when it is open.
 *
 * @param <T> what it is
 */
final class Background<T extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final FutureTask<T> task;
    private T opened;
    private boolean abandoned;

    private Background(Supplier<T> open) {
        this.task = new FutureTask<>(() -> keep(open.get()));
    }

    /** Begins to open it. */
    static <T extends AutoCloseable> Background<T> start(String name, Supplier<T> open) {
        Background<T> background = new Background<>(open);
        // A pool's thread would have the class loader of whoever used the pool first; a new one inherits its maker's.
        Thread thread = new Thread(background.task, name);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    private T keep(T value) {
        synchronized (this) {
            if (!abandoned) {
                opened = value;
                return value;
            }
        }
        try {
            value.close();
        } catch (Exception e) {
            LOG.warn("what was opened, but was no longer wanted, could not be closed", e);
        }
        throw new CancellationException("no longer wanted");
    }

    /**
     * Waits until it is open.
     *
     * @throws OperationInterruptedException if this thread is interrupted; opening goes on
     * @throws RuntimeException what opening it threw
     * @throws Error what opening it threw
     */
    T result() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while a part was being opened", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** Waits until it is open; empty if it could not be opened. An interrupt ends the waiting as {@link #abandon} does. */
    Optional<T> ifOpened() {
        try {
            return Optional.of(result());
        } catch (RuntimeException | Error e) {
            // result() says it to who asks for it.
            return abandon();
        }
    }

    /**
     * Says that it is not wanted, without waiting for a driver that takes its time: what is not open yet is closed by the
     * thread that opens it.
     *
     * @return what is open already, which the caller closes
     */
    synchronized Optional<T> abandon() {
        abandoned = true;
        return Optional.ofNullable(opened);
    }
}
