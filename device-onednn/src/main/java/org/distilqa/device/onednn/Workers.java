package org.distilqa.device.onednn;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.distilqa.DeviceException;
import org.distilqa.QuestionAnsweringException;

/**
 * A fixed number of daemon threads that share out the iterations of parallel loops, one loop after another. The thread that
 * asks for a loop takes part, so a pool of one thread starts none. Within a loop, each thread runs oneDNN by itself: oneDNN's own
 * threads wait for each other after every primitive, where these do so after a chain of them, and would spin on when all is done.
 *
 * <p>A forward pass is some fifty loops of well under a millisecond each, and waking a thread costs as much as a part of
 * one: a worker that finds nothing to do looks on for a moment before it sleeps, for longer while a pass is under way. A loop is over when its iterations are,
 * not when every worker has come by; a worker that the operating system keeps waiting delays nothing but what it began.
 */
final class Workers {
    /** What a loop does. */
    @FunctionalInterface
    interface Body {
        /**
         * One iteration.
         *
         * @param index which, from 0
         * @param worker which thread this is, from 0 to {@link Workers#count()} - 1
         */
        void run(int index, int worker);
    }

    private static final Body NOTHING = (index, worker) -> {};
    /** How long a thread looks on for work before it lets others run, and how long it then does that before it sleeps. */
    private static final long SPIN_NANOS = 50_000;

    private static final long YIELD_NANOS = 5_000_000;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Thread[] threads;
    private volatile Loop current = new Loop(0, NOTHING);
    private volatile boolean closed;
    /** Whether more loops are about to come. */
    private volatile boolean busy;

    Workers(int count) {
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = new Thread(
                    () -> {
                        OpenMp.omp_set_num_threads(1);
                        work(worker);
                    },
                    "distilqa-onednn-" + worker);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /** How many threads share a loop, with the one that asks for it. */
    int count() {
        return threads.length + 1;
    }

    /** Held by one thread while its loops should not mix with another's; {@link #forEach} takes it too. */
    ReentrantLock lock() {
        return lock;
    }

    /**
     * Calls {@code body} with each number from 0 to {@code iterations - 1}, on all threads, and returns when all calls have.
     * If one fails, those not begun are left out.
     *
     * @throws QuestionAnsweringException the first failure, if it is of this kind
     * @throws DeviceException with the first failure as its cause, if it is of another
     */
    void forEach(int iterations, Body body) {
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
        } finally {
            lock.unlock();
        }
    }

    /**
     * Calls something that uses oneDNN and {@link #forEach}, on the calling thread, one caller at a time. What the thread itself
     * had set OpenMP's number of threads to is as before afterwards.
     */
    <T> T exclusively(Supplier<T> body) {
        lock.lock();
        try {
            if (closed && !busy) {
                // There is nothing to be done any more, and the library may be gone.
                return body.get();
            }
            int before = OpenMp.omp_get_max_threads();
            boolean wasBusy = busy;
            OpenMp.omp_set_num_threads(1);
            busy = true;
            try {
                return body.get();
            } finally {
                busy = wasBusy;
                OpenMp.omp_set_num_threads(before);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads, after the loop under way, and returns when they have ended. Closing again does nothing. */
    void close() {
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

    private static void awaitEnd(Thread thread) {
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
        private Body body;
        private final Thread caller = Thread.currentThread();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private volatile Throwable failure;

        Loop(int iterations, Body body) {
            this.iterations = iterations;
            this.body = body;
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
                if (finished.incrementAndGet() == iterations) {
                    LockSupport.unpark(caller);
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
            // Sleeping workers remember this loop; through its body they would hold a closed program's weights.
            body = NOTHING;
            Throwable thrown = failure;
            if (thrown instanceof QuestionAnsweringException known) {
                throw known;
            }
            if (thrown != null) {
                throw new DeviceException("device onednn failed: " + thrown, thrown);
            }
        }
    }
}
