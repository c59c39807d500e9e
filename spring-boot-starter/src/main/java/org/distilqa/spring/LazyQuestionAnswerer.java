package org.distilqa.spring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.distilqa.ClosedException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.Outcome;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;
import org.distilqa.Statistics;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answerer that is opened by a thread of its own when it is first asked. Who asks meanwhile waits for it, within the request's
 * deadline, and can give up. If it could not be opened, those who waited are told, and the next one to ask has it tried again.
 */
final class LazyQuestionAnswerer implements QuestionAnswerer {
    private static final String CLOSED = "this QuestionAnswerer was closed";

    private static final Logger LOG = LoggerFactory.getLogger(LazyQuestionAnswerer.class);

    private final Supplier<QuestionAnswerer> open;
    private final Duration closeTimeout;

    /** Where providers of devices are looked up; a thread that asks may know less than the one that makes this. */
    private final ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Opening opening;
    private volatile boolean closed;

    LazyQuestionAnswerer(Supplier<QuestionAnswerer> open, Duration closeTimeout) {
        this.open = open;
        this.closeTimeout = closeTimeout;
    }

    /** One try to open it. */
    private record Opening(CompletableFuture<QuestionAnswerer> result, Thread thread) {
        boolean hasFailed() {
            return result.isCompletedExceptionally();
        }
    }

    /** The answerer, if it was opened already. */
    Optional<QuestionAnswerer> ifOpened() {
        Opening current = opening;
        return current == null || !current.result().isDone() || current.hasFailed()
                ? Optional.empty()
                : Optional.of(current.result().join());
    }

    /** The answerer, which is opened if need be; failed if that fails, or if this was closed. */
    private CompletableFuture<QuestionAnswerer> opened() {
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new ClosedException(CLOSED));
            }
            if (opening == null || opening.hasFailed()) {
                opening = start();
            }
            return opening.result();
        } finally {
            lock.unlock();
        }
    }

    private Opening start() {
        CompletableFuture<QuestionAnswerer> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(result), "distilqa-opening");
        thread.setContextClassLoader(classLoader);
        thread.setDaemon(true);
        thread.start();
        return new Opening(result, thread);
    }

    private void open(CompletableFuture<QuestionAnswerer> result) {
        try {
            result.complete(open.get());
        } catch (RuntimeException | Error e) {
            // Also too little memory: who waits must be told.
            if (!closed) {
                LOG.warn("the model could not be opened; the next question tries again: {}", e.toString());
            }
            result.completeExceptionally(e);
        }
    }

    /** What one who waited is told: each has an exception of his own. */
    private QuestionAnsweringException failure(Throwable reason) {
        return closed || reason instanceof ClosedException
                ? new ClosedException(CLOSED, reason)
                : new QuestionAnsweringException("the model could not be opened: " + reason.getMessage(), reason);
    }

    private QuestionAnswerer awaitOpened() {
        try {
            return opened().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while the model was being opened", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    @Override
    public CompletableFuture<Prediction> predictAsync(QuestionRequest request) {
        CompletableFuture<QuestionAnswerer> answerer = opened();
        return answerer.isDone() && !answerer.isCompletedExceptionally()
                ? answerer.join().predictAsync(request)
                : new WaitingRequest(request).whenOpened(answerer, this::failure);
    }

    @Override
    public List<Prediction> predictAll(List<QuestionRequest> requests) {
        return awaitOpened().predictAll(requests);
    }

    @Override
    public List<Outcome> answerAllOutcomes(List<QuestionRequest> requests) {
        return awaitOpened().answerAllOutcomes(requests);
    }

    @Override
    public Stream<Outcome> answerStream(Stream<QuestionRequest> requests) {
        return awaitOpened().answerStream(requests);
    }

    @Override
    public List<DeviceInfo> devices() {
        return awaitOpened().devices();
    }

    @Override
    public Statistics statistics() {
        return awaitOpened().statistics();
    }

    @Override
    public Availability availability() {
        Optional<QuestionAnswerer> answerer = ifOpened();
        if (closed) {
            return Availability.unavailable(CLOSED);
        }
        return answerer.map(QuestionAnswerer::availability).orElseGet(this::availabilityBeforeOpening);
    }

    private Availability availabilityBeforeOpening() {
        Opening current = opening;
        if (current == null) {
            return Availability.available("not opened yet; the first question opens it");
        }
        if (!current.hasFailed()) {
            return Availability.available("being opened");
        }
        Throwable reason =
                current.result().handle((answerer, failure) -> failure).join();
        return Availability.available("could not be opened; the next question tries again: " + reason.getMessage());
    }

    @Override
    public void close() {
        Opening last;
        lock.lock();
        try {
            closed = true;
            last = opening;
        } finally {
            lock.unlock();
        }
        if (last == null) {
            return;
        }
        last.thread().interrupt();
        // One that is opened in spite of that is closed by the thread that opened it.
        await(last.result().thenAccept(QuestionAnswerer::close), last);
    }

    private void await(CompletableFuture<Void> closing, Opening last) {
        try {
            closing.get(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("the model is still being opened; it is closed when that has ended");
        } catch (ExecutionException e) {
            if (!last.hasFailed() && e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
        }
    }
}
