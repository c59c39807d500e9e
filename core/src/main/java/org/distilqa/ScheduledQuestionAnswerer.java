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
import java.util.stream.StreamSupport;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.distilqa.schedule.Scheduler;
import org.distilqa.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answerer that the builder makes: requests are {@link Job}s that a {@link Scheduler} takes to the devices. */
final class ScheduledQuestionAnswerer implements QuestionAnswerer {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledQuestionAnswerer.class);

    private final List<OpenDevice> devices;
    private final Scheduler scheduler;
    private final Steps steps;
    private final RequestLimits limits;
    private final Duration loading;
    private final Duration closeTimeout;
    private final Runnable closeTokenizer;
    private final Listeners listeners;
    private final BatchCounter batches = new BatchCounter();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * What an answerer is made of.
     *
     * @param maxPositions what the network takes, in tokens
     * @param tokenizer splits texts
     * @param tokenizerOwned whether the tokenizer is closed with the answerer
     * @param devices run the network; those of another name than the one before are its fall-back
     * @param limits what requests are refused
     * @param queue how much may wait
     * @param listeners who is told what happens
     * @param loading how long it took to get here
     * @param closeTimeout how long closing may take
     */
    record Parts(
            int maxPositions,
            Tokenizer tokenizer,
            boolean tokenizerOwned,
            List<OpenDevice> devices,
            RequestLimits limits,
            QueueLimits queue,
            List<QuestionAnswererListener> listeners,
            Duration loading,
            Duration closeTimeout) {}

    /** An answerer whose listeners know of it. */
    static QuestionAnswerer open(Parts parts) {
        ScheduledQuestionAnswerer answerer = new ScheduledQuestionAnswerer(parts);
        answerer.listeners.opened(answerer);
        return answerer;
    }

    private ScheduledQuestionAnswerer(Parts parts) {
        this.devices = List.copyOf(parts.devices());
        this.limits = parts.limits();
        this.loading = parts.loading();
        this.closeTimeout = parts.closeTimeout();
        this.closeTokenizer = parts.tokenizerOwned() ? parts.tokenizer()::close : () -> {};
        List<QuestionAnswererListener> told = new ArrayList<>(parts.listeners());
        told.add(batches);
        this.listeners = new Listeners(told);
        this.scheduler = new Scheduler(devices, parts.maxPositions(), parts.queue(), listeners);
        this.steps = new Steps(parts.maxPositions(), parts.tokenizer(), limits, scheduler, listeners);
    }

    @Override
    public CompletableFuture<Prediction> predictAsync(QuestionRequest request) {
        if (request == null) {
            return CompletableFuture.failedFuture(new InvalidRequestException("the request is null"));
        }
        Job job = new Job(request, steps);
        job.start();
        return job.prediction();
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
        AnswerStream answers = new AnswerStream(steps, requests.spliterator(), batchSize);
        return StreamSupport.stream(answers, false).onClose(answers::cancel).onClose(requests::close);
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
        return steps.statistics(loading, batches);
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            awaitClosed();
            return;
        }
        long end = System.nanoTime() + closeTimeout.toNanos();
        RuntimeException failure = attempt(() -> scheduler.close(closeTimeout), null);
        if (steps.close(end - System.nanoTime())) {
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
        if (steps.workers().isIdle()) {
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
