package org.distilqa.execution;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnsweringException;

/** Waits for what another thread computes, in the exceptions of DistilQA. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result.
     *
     * @param <T> what it is
     * @param future what computes it
     * @return the result
     * @throws QuestionAnsweringException what it failed with
     * @throws OperationInterruptedException if this thread is interrupted; then it is cancelled
     */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while waiting for the device", e);
        } catch (CancellationException e) {
            throw new QuestionAnsweringException("the request was cancelled", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static QuestionAnsweringException failure(Throwable cause) {
        if (cause instanceof QuestionAnsweringException failure) {
            return failure;
        }
        return new QuestionAnsweringException("answering failed: " + cause, cause);
    }
}
