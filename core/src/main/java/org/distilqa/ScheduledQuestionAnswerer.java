package org.distilqa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.distilqa.execution.Execution;
import org.distilqa.execution.RequestLimits;
import org.distilqa.opening.Parts;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.distilqa.schedule.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answerer that the builder makes: an {@link Execution} of requests, whose windows a {@link Scheduler} takes to the devices. */
final class ScheduledQuestionAnswerer implements QuestionAnswerer {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledQuestionAnswerer.class);

    private final List<OpenDevice> devices;
    private final Scheduler scheduler;
    private final Execution execution;
    private final RequestLimits limits;
    private final Duration loading;
    private final Duration closeTimeout;
    private final Runnable closeTokenizer;
    private final Listeners listeners;
    private final BatchCounter batches = new BatchCounter();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * How an answerer treats requests.
     *
     * @param limits what requests are refused
     * @param queue how much may wait
     * @param listeners who is told what happens
     * @param closeTimeout how long closing may take
     */
    record Service(
            RequestLimits limits, QueueLimits queue, List<QuestionAnswererListener> listeners, Duration closeTimeout) {}

    /** An answerer whose listeners know of it. */
    static QuestionAnswerer open(Parts parts, Service service) {
        ScheduledQuestionAnswerer answerer = new ScheduledQuestionAnswerer(parts, service);
        answerer.listeners.opened(answerer);
        return answerer;
    }

    private ScheduledQuestionAnswerer(Parts parts, Service service) {
        this.devices = List.copyOf(parts.devices());
        this.limits = service.limits();
        this.loading = parts.loading();
        this.closeTimeout = service.closeTimeout();
        this.closeTokenizer = parts.tokenizerOwned() ? parts.tokenizer()::close : () -> {};
        List<QuestionAnswererListener> told = new ArrayList<>(service.listeners());
        told.add(batches);
        this.listeners = new Listeners(told);
        this.scheduler = new Scheduler(devices, parts.maxPositions(), service.queue(), listeners);
        this.execution = new Execution(parts.maxPositions(), parts.tokenizer(), limits, scheduler, listeners);
    }

    @Override
    public CompletableFuture<Prediction> predictAsync(QuestionRequest request) {
        if (request == null) {
            return CompletableFuture.failedFuture(new InvalidRequestException("the request is null"));
        }
        return execution.predict(request);
    }

    @Override
    public List<Prediction> predictAll(List<QuestionRequest> requests) {
        checkNumber(requests);
        limits.check(requests);
        try (Stream<Outcome> outcomes = answerStream(requests.stream())) {
            // The first that fails ends the others.
            return outcomes.map(Outcome::prediction).toList();
        }
    }

    @Override
    public List<Outcome> answerAllOutcomes(List<QuestionRequest> requests) {
        checkNumber(requests);
        try (Stream<Outcome> outcomes = answerStream(requests.stream())) {
            return outcomes.toList();
        }
    }

    private void checkNumber(List<QuestionRequest> requests) {
        if (requests == null || requests.stream().anyMatch(Objects::isNull)) {
            throw new InvalidRequestException("the list of requests is null or holds a null");
        }
        limits.checkNumber(requests.size());
    }

    @Override
    public Stream<Outcome> answerStream(Stream<QuestionRequest> requests) {
        if (requests == null) {
            throw new InvalidRequestException("the stream of requests is null");
        }
        int batchSize = devices.stream().mapToInt(OpenDevice::batchSize).reduce(0, (sum, size) ->
                (int) Math.min(Integer.MAX_VALUE, (long) sum + size));
        return execution.answerStream(requests, batchSize);
    }

    @Override
    public List<DeviceInfo> devices() {
        return devices.stream().map(open -> open.device().info()).toList();
    }

    @Override
    public Availability availability() {
        return scheduler.availability();
    }

    @Override
    public Statistics statistics() {
        Execution.Work work = execution.work();
        return new Statistics(
                work.ends(),
                work.windows(),
                work.tokens(),
                batches.batches(),
                scheduler.pendingWindows(),
                loading,
                work.tokenization(),
                batches.ran(),
                work.decoding());
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            awaitClosed();
            return;
        }
        long end = System.nanoTime() + closeTimeout.toNanos();
        RuntimeException failure = attempt(() -> scheduler.close(closeTimeout), null);
        if (execution.close(end - System.nanoTime())) {
            Thread.currentThread().interrupt();
        }
        failure = attempt(this::closeTokenizer, failure);
        listeners.closed(this);
        closed.countDown();
        if (failure != null) {
            throw failure;
        }
    }

    /** A tokenizer that is in use may wait for its calls to end; what a worker is at may take longer than closing may. */
    private void closeTokenizer() {
        if (execution.isIdle()) {
            closeTokenizer.run();
            return;
        }
        LOG.warn("a text is still being read; the tokenizer is closed when that is done");
        Thread thread = new Thread(closeTokenizer, "distilqa-tokenizer-close");
        thread.setDaemon(true);
        thread.start();
    }

    /** Another thread closes; this one waits as long as that may take. */
    private void awaitClosed() {
        try {
            closed.await(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException attempt(Runnable closing, RuntimeException before) {
        try {
            closing.run();
        } catch (RuntimeException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
        }
        return before;
    }
}
