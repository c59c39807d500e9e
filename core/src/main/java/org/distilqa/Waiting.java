package org.distilqa;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what another thread computes, in the exceptions of DistilQA. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result.
     *
     * @throws QuestionAnsweringException what it failed with
     * @throws OperationInterruptedException if this thread is interrupted; then it is cancelled
     */
    static <T> T await(CompletableFuture<T> future) {
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
