package org.distilqa.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.distilqa.DeadlineExceededException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;

/** A request that came before there was an answerer. Its deadline counts from then. */
final class WaitingRequest {
    private static final Duration SHORTEST = Duration.ofNanos(1);

    private final QuestionRequest request;
    private final CompletableFuture<Prediction> prediction = new CompletableFuture<>();
    private final CompletableFuture<Void> deadline = new CompletableFuture<>();
    private final long begin = System.nanoTime();

    WaitingRequest(QuestionRequest request) {
        this.request = request;
    }

    /** Asks the answerer when it is there; cancelling the result gives the request up. */
    CompletableFuture<Prediction> whenOpened(
            CompletableFuture<QuestionAnswerer> answerer, Function<Throwable, QuestionAnsweringException> failure) {
        if (request != null) {
            request.deadline().ifPresent(this::expireAfter);
        }
        answerer.whenComplete((opened, reason) -> {
            deadline.cancel(false);
            if (reason != null) {
                prediction.completeExceptionally(failure.apply(reason));
            } else if (!prediction.isDone()) {
                handOver(opened);
            }
        });
        return prediction;
    }

    private void expireAfter(Duration time) {
        deadline.orTimeout(time.toNanos(), TimeUnit.NANOSECONDS).whenComplete((nothing, end) -> {
            if (end instanceof TimeoutException) {
                prediction.completeExceptionally(new DeadlineExceededException(
                        "the model was not opened within " + time + ", the request's deadline"));
            }
        });
        // Whoever ends it from outside leaves no timer behind.
        prediction.whenComplete((found, end) -> deadline.cancel(false));
    }

    private void handOver(QuestionAnswerer answerer) {
        CompletableFuture<Prediction> asked = answerer.predictAsync(withWhatIsLeft());
        asked.whenComplete((found, reason) -> {
            if (reason == null) {
                prediction.complete(found);
            } else {
                prediction.completeExceptionally(
                        reason instanceof CompletionException wrapped ? wrapped.getCause() : reason);
            }
        });
        prediction.whenComplete((found, end) -> asked.cancel(true));
    }

    private QuestionRequest withWhatIsLeft() {
        if (request == null || request.deadline().isEmpty()) {
            return request;
        }
        Duration left = request.deadline().get().minusNanos(System.nanoTime() - begin);
        return request.withDeadline(left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
    }
}
