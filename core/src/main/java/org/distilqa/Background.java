package org.distilqa;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Something that is opened in a thread of its own, which sees the service providers and resources that its maker sees.
 *
 * @param <T> what it is
 */
final class Background<T> {
    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins to open it. */
    static <T> Background<T> start(String name, Supplier<T> open) {
        Background<T> background = new Background<>(new FutureTask<>(open::get));
        // A pool's thread would have the class loader of whoever used the pool first; a new one inherits its maker's.
        Thread thread = new Thread(background.task, name);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    /**
     * Waits until it is open. An interrupt stays pending; opening goes on, as it does without a thread.
     *
     * @throws RuntimeException what opening it threw
     * @throws Error what opening it threw
     */
    T result() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }

    /** Waits until it is open; empty if it could not be opened. */
    Optional<T> ifOpened() {
        try {
            return Optional.of(result());
        } catch (RuntimeException | Error e) {
            // result() says it to who asks for it.
            return Optional.empty();
        }
    }
}
