package org.distilqa.internal;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.distilqa.DeviceException;
import org.distilqa.QuestionAnsweringException;

/**
 * The threads of a device that computes on the processor's cores: a fixed number of daemons that share out the iterations of
 * parallel loops, one loop after another. The thread that asks for a loop takes part, so a team of one starts none. Safe for use by
 * many threads, whose loops wait for each other.
 *
 * <p>A forward pass is some fifty loops of well under a millisecond each, and waking a thread costs as much as a part of
 * one: a thread that finds nothing to do looks on for a moment before it sleeps, for longer while a pass is under way
 * ({@link #exclusively}). A loop is over when its iterations are, not when every thread has come by; one that the operating system
 * keeps waiting delays nothing but what it began.
 *
 * <p>What sleeps holds nothing of a loop that is over: neither what it worked on nor who asked for it.
 */
public final class ThreadTeam {
    /** What a loop does. */
    @FunctionalInterface
    public interface Body {
        /**
         * One iteration.
         *
         * @param index which, from 0
         * @param worker which thread of the team this is, from 0 to {@link ThreadTeam#count()} - 1; 0 is the one that asked
         */
        void run(int index, int worker);
    }

    private static final Body NOTHING = (index, worker) -> {};
    /** How long a thread looks on for work before it lets others run, and how long it then does that before it sleeps. */
    private static final long SPIN_NANOS = 50_000;

    private static final long YIELD_NANOS = 5_000_000;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final String device;
    private final Thread[] threads;
    private volatile Loop current = Loop.over();
    private volatile boolean closed;
    /** Whether more loops are about to come. */
    private volatile boolean busy;

    /**
     * Starts the threads.
     *
     * @param device the device's name, for the threads' names, {@code distilqa-<device>-1} and so on, and for messages
     * @param count how many threads share a loop, with the one that asks for it; at least 1
     * @param atStart what each thread that is started does first
     */
    public ThreadTeam(String device, int count, Runnable atStart) {
        this.device = device;
        this.threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = new Thread(
                    () -> {
                        atStart.run();
                        work(worker);
                    },
                    "distilqa-" + device + "-" + worker);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /**
     * How many threads share a loop, with the one that asks for it.
     *
     * @return at least 1
     */
    public int count() {
        return threads.length + 1;
    }

    /**
     * Calls {@code body} with each number from 0 to {@code iterations - 1}, on all threads, and returns when all calls have.
     * If one fails, those not begun are left out. An interrupt of the caller stays pending and ends nothing. After {@link #close},
     * the caller does all by itself.
     *
     * @param iterations how many, at least 0
     * @param body what to call; it asks for no loop itself
     * @throws QuestionAnsweringException the first failure, if it is of this kind
     * @throws OutOfMemoryError the first failure, if it is one: the caller knows what did not fit
     * @throws DeviceException with the first failure as its cause, if it is of another
     */
    public void forEach(int iterations, Body body) {
        lock.lock();
        try {
            Loop loop = new Loop(iterations, body);
            if (iterations > 1 && threads.length > 0) {
                current = loop;
                for (Thread thread : threads) {
                    // Does nothing but set a flag where the thread is awake.
                    LockSupport.unpark(thread);
                }
            }
            loop.takePart(0);
            loop.await();
            loop.end().ifPresent(this::rethrow);
        } finally {
            lock.unlock();
        }
    }

    private void rethrow(Throwable failure) {
        if (failure instanceof OutOfMemoryError exhausted) {
            throw exhausted;
        }
        if (failure instanceof QuestionAnsweringException known) {
            throw known;
        }
        throw new DeviceException("device " + device + " failed: " + failure, failure);
    }

    /**
     * Calls something whose loops should not mix with another's, one caller at a time, and keeps the threads awake meanwhile. It may
     * be called again from within.
     *
     * @param <T> what it gives
     * @param body what to call, on the calling thread
     * @return what it gives
     */
    public <T> T exclusively(Supplier<T> body) {
        lock.lock();
        try {
            boolean wasBusy = busy;
            busy = true;
            try {
                return body.get();
            } finally {
                busy = wasBusy;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads, after the loop under way, and returns when they have ended. Closing again does nothing. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
            for (Thread thread : threads) {
                awaitEnd(thread);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a thread that is about to end has done so. An interrupt stays pending.
     *
     * @param thread the thread
     */
    public static void awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(int worker) {
        Loop seen = null;
        while (!closed) {
            Loop loop = current;
            if (loop == seen) {
                loop = awaitAfter(seen);
            }
            loop.takePart(worker);
            seen = loop;
        }
    }

    private Loop awaitAfter(Loop seen) {
        long begin = System.nanoTime();
        while (current == seen && !closed) {
            long waited = System.nanoTime() - begin;
            if (waited < SPIN_NANOS) {
                Thread.onSpinWait();
            } else if (busy && waited < YIELD_NANOS) {
                Thread.yield();
            } else {
                LockSupport.park(this);
            }
        }
        return current;
    }

    /** One parallel loop. */
    private static final class Loop {
        private final int iterations;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private Body body;
        private Thread caller = Thread.currentThread();
        private volatile Throwable failure;

        Loop(int iterations, Body body) {
            this.iterations = iterations;
            this.body = body;
        }

        /** One that is over before it began. */
        static Loop over() {
            Loop loop = new Loop(0, NOTHING);
            loop.end();
            return loop;
        }

        void takePart(int worker) {
            int index;
            // Once past the end, the counter is left alone: it must not wrap around.
            while (next.get() < iterations && (index = next.getAndIncrement()) < iterations) {
                if (failure == null) {
                    try {
                        body.run(index, worker);
                    } catch (Throwable e) {
                        failure = e;
                    }
                }
                // Read before the loop can be over.
                Thread waiting = caller;
                if (finished.incrementAndGet() == iterations) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        void await() {
            long begin = System.nanoTime();
            while (finished.get() < iterations) {
                long waited = System.nanoTime() - begin;
                if (waited < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else if (waited < YIELD_NANOS) {
                    Thread.yield();
                } else {
                    LockSupport.park(this);
                }
            }
        }

        /**
         * Forgets what it was about, since threads that sleep remember their last loop: a closed program's weights, or the class
         * loader of an application that was undeployed.
         *
         * @return the first failure
         */
        Optional<Throwable> end() {
            Optional<Throwable> first = Optional.ofNullable(failure);
            body = NOTHING;
            caller = null;
            failure = null;
            return first;
        }
    }
}
