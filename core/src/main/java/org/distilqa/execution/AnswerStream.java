package org.distilqa.execution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.Outcome;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;

/**
 * Answers one request after another, with as many under way as fill the devices' batches. It is driven by the thread that wants the
 * next outcome: that starts requests until enough are under way, and waits for the next to end. Requests are started in groups that
 * fill a batch, so that none goes off alone. Not safe for use by many threads.
 */
final class AnswerStream implements Spliterator<Outcome> {
    /** Enough for windows of like length to be found among them, and for the devices to be busy while the next are tokenized. */
    private static final int WINDOWS_UNDER_WAY = 1024;

    private final Execution execution;
    private final Spliterator<QuestionRequest> source;
    private final int batchSize;

    /** Those under way, in the order of the requests. */
    private final Set<Job> underWay = new LinkedHashSet<>();

    private int windowsUnderWay;

    /** Those of them that are at their end, in that order; null if outcomes come in the order of the requests. */
    private final BlockingQueue<Job> ended;

    /** Started, and not in the queue yet. */
    private final List<Job> group = new ArrayList<>();

    private int windowsOfGroup;

    /** Taken from the source, and not started yet. */
    private Job next;

    private boolean exhausted;

    /**
     * @param execution what does the work
     * @param source the requests; if they are not ordered, the outcomes come as they are ready
     * @param batchSize how many windows the devices take at once
     */
    AnswerStream(Execution execution, Spliterator<QuestionRequest> source, int batchSize) {
        this.execution = execution;
        this.source = source;
        this.batchSize = Math.min(batchSize, WINDOWS_UNDER_WAY);
        this.ended = source.hasCharacteristics(ORDERED) ? null : new LinkedBlockingQueue<>();
    }

    @Override
    public boolean tryAdvance(Consumer<? super Outcome> action) {
        try {
            startMore();
            if (underWay.isEmpty()) {
                return false;
            }
            action.accept(outcome(nextToEnd()));
            return true;
        } catch (RuntimeException | Error e) {
            cancel();
            throw e;
        }
    }

    private void startMore() {
        while (windowsUnderWay < WINDOWS_UNDER_WAY && hasNext()) {
            if (!start(next)) {
                // The queue is full. With some of ours in it, their end makes room.
                enqueueGroup();
                if (!underWay.isEmpty()) {
                    break;
                }
                next.start();
            }
            add(next);
            next = null;
        }
        enqueueGroup();
    }

    private boolean hasNext() {
        if (next == null && !exhausted) {
            exhausted = !source.tryAdvance(request -> next = new Job(requireRequest(request), execution));
        }
        return next != null;
    }

    private static QuestionRequest requireRequest(QuestionRequest request) {
        if (request == null) {
            throw new InvalidRequestException("one of the requests is null");
        }
        return request;
    }

    private boolean start(Job job) {
        return job.startIfRoom(ready -> {
            group.add(ready);
            windowsOfGroup += ready.toRead().size();
        });
    }

    private void add(Job job) {
        underWay.add(job);
        windowsUnderWay += job.estimatedWindows();
        if (ended != null) {
            job.prediction().whenComplete((found, failure) -> ended.add(job));
        }
        if (windowsOfGroup >= batchSize) {
            enqueueGroup();
        }
    }

    private void enqueueGroup() {
        if (!group.isEmpty()) {
            execution.scheduler().enqueue(group);
            group.clear();
            windowsOfGroup = 0;
        }
    }

    private Job nextToEnd() {
        if (ended == null) {
            return underWay.iterator().next();
        }
        try {
            return ended.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while waiting for the device", e);
        }
    }

    private Outcome outcome(Job job) {
        Outcome outcome;
        try {
            outcome = Outcome.answered(job.request(), Waiting.await(job.prediction()));
        } catch (QuestionAnsweringException e) {
            if (Thread.currentThread().isInterrupted() && e instanceof OperationInterruptedException) {
                throw e; // The whole call is given up.
            }
            outcome = Outcome.failed(job.request(), e);
        }
        underWay.remove(job);
        windowsUnderWay -= job.estimatedWindows();
        return outcome;
    }

    /** Gives up what is under way. */
    void cancel() {
        exhausted = true;
        Deque<Job> jobs = new ArrayDeque<>(underWay);
        if (next != null) {
            jobs.add(next);
            next = null;
        }
        jobs.forEach(job -> job.prediction().cancel(true));
        underWay.clear();
    }

    @Override
    public Spliterator<Outcome> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        long left = source.estimateSize();
        return left == Long.MAX_VALUE ? left : left + underWay.size() + (next == null ? 0 : 1);
    }

    @Override
    public int characteristics() {
        return NONNULL | (ended == null ? ORDERED : 0);
    }
}
