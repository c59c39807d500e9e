package org.distilqa.execution;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do what no caller's thread does: a few daemons that end when there is nothing to do. Those that are at long texts
 * are others than those that everybody needs. Safe for use by many threads.
 */
final class Workers {
    private static final int NUMBER =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final int SECONDS_OF_LEISURE = 10;

    private final Set<Worker> running = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor workers =
            new ScheduledThreadPoolExecutor(NUMBER, threads("distilqa-worker-"));
    private final ThreadPoolExecutor longTextWorkers = new ThreadPoolExecutor(
            NUMBER,
            NUMBER,
            SECONDS_OF_LEISURE,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads("distilqa-long-text-"));

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

    Workers() {
        workers.setRemoveOnCancelPolicy(true);
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        for (ThreadPoolExecutor pool : pools()) {
            pool.setKeepAliveTime(SECONDS_OF_LEISURE, TimeUnit.SECONDS);
            pool.allowCoreThreadTimeOut(true);
            // What comes after the end belongs to jobs that are ended then.
            pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        }
    }

    private ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> new Worker(work, name + number.incrementAndGet());
    }

    private List<ThreadPoolExecutor> pools() {
        return List.of(workers, longTextWorkers);
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

    /**
     * Begins nothing more, and waits for what is being done.
     *
     * @param nanos how long at most
     * @return whether the thread was interrupted
     */
    boolean close(long nanos) {
        long end = System.nanoTime() + nanos;
        pools().forEach(ThreadPoolExecutor::shutdown);
        try {
            // The threads themselves, which end a little after the pools say that they have ended.
            for (Worker worker : running) {
                if (worker != Thread.currentThread()) {
                    TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(0, end - System.nanoTime()));
                }
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Whether, after {@link #close}, nothing is being done. */
    boolean isIdle() {
        return pools().stream().allMatch(ThreadPoolExecutor::isTerminated);
    }
}
