package org.distilqa;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.schedule.Scheduler;
import org.distilqa.schedule.Sequence;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a {@link Job}, what they take, and the workers that do those which no caller's thread does: a few daemon threads
 * that end when there is nothing to do. Those that are at long texts are others than those that everybody needs.
 */
final class Steps {
    private static final int NUMBER_OF_WORKERS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final int SECONDS_OF_LEISURE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final int maxPositions;
    private final Tokenizer tokenizer;
    private final RequestLimits limits;
    private final Scheduler scheduler;
    private final QuestionAnswererListener listener;
    private final ScheduledThreadPoolExecutor workers;
<<<<<<< HEAD
    private final ThreadPoolExecutor longTextWorkers;
=======
    private final Set<Worker> running = ConcurrentHashMap.newKeySet();
>>>>>>> h-16

    /** Those that are not at their end. */
    private final Set<Job> jobs = ConcurrentHashMap.newKeySet();

    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);
    private final LongAdder windows = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder tokenizationNanos = new LongAdder();
    private final LongAdder decodingNanos = new LongAdder();

    private final class Worker extends Thread {
        Worker(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
            running.add(this);
        }

        @Override
        public void run() {
            super.run();
            running.remove(this);
        }
    }

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
<<<<<<< HEAD
        this.workers = new ScheduledThreadPoolExecutor(NUMBER_OF_WORKERS, threads("distilqa-worker-"));
=======
        this.workers = newWorkers();
    }

    private ScheduledThreadPoolExecutor newWorkers() {
        int size = Math.max(2, Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()));
        AtomicInteger number = new AtomicInteger();
        // What comes after the end belongs to jobs that close() ends.
        ScheduledThreadPoolExecutor workers = new ScheduledThreadPoolExecutor(
                size,
                work -> new Worker(work, "distilqa-worker-" + number.incrementAndGet()),
                new ThreadPoolExecutor.DiscardPolicy());
>>>>>>> h-16
        workers.setRemoveOnCancelPolicy(true);
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.longTextWorkers = new ThreadPoolExecutor(
                NUMBER_OF_WORKERS,
                NUMBER_OF_WORKERS,
                SECONDS_OF_LEISURE,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads("distilqa-long-text-"));
        for (ThreadPoolExecutor pool : pools()) {
            pool.setKeepAliveTime(SECONDS_OF_LEISURE, TimeUnit.SECONDS);
            pool.allowCoreThreadTimeOut(true);
            // What comes after the end belongs to jobs that close() ends.
            pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        }
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> new Worker(work, name + number.incrementAndGet());
    }

    private List<ThreadPoolExecutor> pools() {
        return List.of(workers, longTextWorkers);
    }

    RequestLimits limits() {
        return limits;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    void execute(Runnable work) {
        workers.execute(work);
    }

    /** Does what takes long, and must not keep others waiting. */
    void executeLong(Runnable work) {
        longTextWorkers.execute(work);
    }

    Future<?> after(Duration delay, Runnable work) {
        return workers.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Tokenizes a request and cuts it into windows. */
    ContextReading prepare(QuestionRequest request) {
        long begin = System.nanoTime();
        TokenizedText question = ReadableText.tokenize(tokenizer, request.question());
        TokenizedText context = ReadableText.tokenize(tokenizer, request.context());
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
    void decode(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        decodingNanos.add(System.nanoTime() - begin);
    }

    /** Whether, after {@link #close}, no worker is at anything. */
    boolean isIdle() {
        return pools().stream().allMatch(ThreadPoolExecutor::isTerminated);
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
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        long end = System.nanoTime() + nanos;
        pools().forEach(ThreadPoolExecutor::shutdown);
        try {
<<<<<<< HEAD
            if (!(Thread.currentThread() instanceof Worker)) {
                for (ThreadPoolExecutor pool : pools()) {
                    pool.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
=======
            // The threads themselves, which end a little after the pool says that it has ended.
            for (Worker worker : running) {
                if (worker != Thread.currentThread()) {
                    TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(0, end - System.nanoTime()));
>>>>>>> h-16
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        jobs.forEach(job ->
                job.failed(new ClosedException("the QuestionAnswerer was closed before this request was answered")));
        return interrupted;
    }
}
