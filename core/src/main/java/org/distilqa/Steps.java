package org.distilqa;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.schedule.Scheduler;
import org.distilqa.schedule.Sequence;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a {@link Job}, what they take, and what they have done. */
final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final int maxPositions;
    private final Tokenizer tokenizer;
    private final RequestLimits limits;
    private final Scheduler scheduler;
    private final QuestionAnswererListener listener;
    private final Workers workers = new Workers();

    /** Those that are not at their end. */
    private final Set<Job> jobs = ConcurrentHashMap.newKeySet();

    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);
    private final LongAdder windows = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder tokenizationNanos = new LongAdder();
    private final LongAdder decodingNanos = new LongAdder();

    Steps(
            int maxPositions,
            Tokenizer tokenizer,
            RequestLimits limits,
            Scheduler scheduler,
            QuestionAnswererListener listener) {
        this.maxPositions = maxPositions;
        this.tokenizer = tokenizer;
        this.limits = limits;
        this.scheduler = scheduler;
        this.listener = listener;
        for (End end : End.values()) {
            ends.put(end, new LongAdder());
        }
    }

    RequestLimits limits() {
        return limits;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Workers workers() {
        return workers;
    }

    /** Tokenizes a request and cuts it into windows. */
    ContextReading prepare(QuestionRequest request) {
        long begin = System.nanoTime();
        TokenizedText question = ReadableText.tokenize(tokenizer, request.question());
        PassageTokens context = PassageTokens.of(request, tokenizer);
        ContextReading reading = new ContextReading(request, question, context, tokenizer, maxPositions);
        tokenizationNanos.add(System.nanoTime() - begin);
        if (reading.questionCut()) {
            LOG.warn(
                    "a question has {} tokens; only the first {} were read (maxQuestionLength)",
                    question.size(),
                    request.options().maxQuestionLength());
        }
        return reading;
    }

    /** Makes something of what was read. */
    <T> T decode(Supplier<T> work) {
        long begin = System.nanoTime();
        T made = work.get();
        decodingNanos.add(System.nanoTime() - begin);
        return made;
    }

    void count(List<Sequence> toRead) {
        windows.add(toRead.size());
        tokens.add(toRead.stream().mapToLong(Sequence::length).sum());
    }

    void started(Job job) {
        jobs.add(job);
        job.prediction().whenComplete((found, failure) -> jobs.remove(job));
    }

    void ended(RequestEvent event) {
        ends.get(event.end()).increment();
        listener.requestEnded(event);
    }

    Statistics statistics(Duration loading, BatchCounter batches) {
        Map<End, Long> requests = new EnumMap<>(End.class);
        ends.forEach((end, count) -> requests.put(end, count.sum()));
        return new Statistics(
                requests,
                windows.sum(),
                tokens.sum(),
                batches.batches(),
                scheduler.pendingWindows(),
                loading,
                Duration.ofNanos(tokenizationNanos.sum()),
                batches.ran(),
                Duration.ofNanos(decodingNanos.sum()));
    }

    /**
     * Ends the workers, which take their time for what they are at, and the jobs that are left.
     *
     * @param nanos how long to wait for the workers
     * @return whether the thread was interrupted
     */
    boolean close(long nanos) {
        boolean interrupted = workers.close(nanos);
        jobs.forEach(job ->
                job.failed(new ClosedException("the QuestionAnswerer was closed before this request was answered")));
        return interrupted;
    }
}
