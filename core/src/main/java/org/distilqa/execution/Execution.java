package org.distilqa.execution;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.distilqa.ClosedException;
import org.distilqa.Outcome;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.QuestionRequest;
import org.distilqa.schedule.Scheduler;
import org.distilqa.schedule.Sequence;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.window.PassageTokens;
import org.distilqa.window.ReadableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from their texts to their answers. A request is a {@link Job}; here are the steps that it goes through, what they
 * need, and what they have done so far. Safe for use by many threads.
 */
public final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

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

    /**
     * What has been done.
     *
     * @param ends how many requests came to an end of each kind
     * @param windows how many windows were given to the devices
     * @param tokens how many tokens those had
     * @param tokenization the time to tokenize, added up over threads
     * @param decoding the time to find the best spans, added up over threads
     */
    public record Work(Map<End, Long> ends, long windows, long tokens, Duration tokenization, Duration decoding) {}

    /**
     * An execution of no request yet.
     *
     * @param maxPositions the longest sequence that the network takes, in tokens
     * @param tokenizer splits texts; not closed by this
     * @param limits what requests are refused
     * @param scheduler takes windows to the devices; not closed by this
     * @param listener is told of each request's end
     */
    public Execution(
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

    /**
     * Answers a request.
     *
     * @param request the request
     * @return what becomes of it; completing it in any way ends the request
     */
    public CompletableFuture<Prediction> predict(QuestionRequest request) {
        Job job = new Job(request, this);
        job.start();
        return job.prediction();
    }

    /**
     * Answers one request after another, as {@link AnswerStream} says.
     *
     * @param requests the requests
     * @param batchSize how many windows the devices take at once
     * @return the outcomes; closing it gives up what is under way, and closes the requests
     */
    public Stream<Outcome> answerStream(Stream<QuestionRequest> requests, int batchSize) {
        AnswerStream answers = new AnswerStream(this, requests.spliterator(), batchSize);
        return StreamSupport.stream(answers, false).onClose(answers::cancel).onClose(requests::close);
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

    /**
     * What has been done so far.
     *
     * @return counters and times of this moment
     */
    public Work work() {
        Map<End, Long> counts = new EnumMap<>(End.class);
        ends.forEach((end, count) -> counts.put(end, count.sum()));
        return new Work(
                counts,
                windows.sum(),
                tokens.sum(),
                Duration.ofNanos(tokenizationNanos.sum()),
                Duration.ofNanos(decodingNanos.sum()));
    }

    /**
     * Ends the workers, which take their time for what they are at, and the jobs that are left.
     *
     * @param nanos how long to wait for the workers
     * @return whether the thread was interrupted
     */
    public boolean close(long nanos) {
        boolean interrupted = workers.close(nanos);
        jobs.forEach(job ->
                job.failed(new ClosedException("the QuestionAnswerer was closed before this request was answered")));
        return interrupted;
    }
    /**
     * Whether, after {@link #close}, no text is being read any more.
     *
     * @return whether the tokenizer can be closed
     */
    public boolean isIdle() {
        return workers.isIdle();
    }
}
