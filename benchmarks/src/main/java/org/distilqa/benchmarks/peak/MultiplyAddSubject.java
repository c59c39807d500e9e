package org.distilqa.benchmarks.peak;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.DoubleAdder;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.JavaCommand;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;
import org.distilqa.benchmarks.worker.Worker;

/** The processor alone: what all its threads together multiply and add in registers. Nothing can be faster. */
public final class MultiplyAddSubject implements Subject {
    /** Long enough to amortise a call, short enough to end in time: some milliseconds at most. */
    private static final int ITERATIONS = 20_000;

    /** Sums stay finite, and whole. */
    private static final int FACTOR = 1;

    /** The system property that names the library; empty or absent if it could not be compiled. */
    private static final String LIBRARY = "distilqa.benchmarks.multiplyAdds";

    private final MultiplyAdds loops;
    private final int threads = Runtime.getRuntime().availableProcessors();

    /**
     * The multiply-adds of a precision.
     *
     * @param library the file of the library
     * @throws BenchmarkException if they cannot be had here
     */
    MultiplyAddSubject(String precision, String library) {
        this.loops = new MultiplyAdds(precision, library);
        if (!loops.areThere()) {
            throw new BenchmarkException("this processor has no instruction that multiplies and adds " + precision);
        }
    }

    /**
     * Starts the process that measures a precision.
     *
     * @param arguments the precision, the library
     */
    public static void main(String[] arguments) {
        Worker.run(() -> new MultiplyAddSubject(arguments[0], arguments[1]));
    }

    /**
     * What starts the process that measures a precision.
     *
     * @param precision {@code float32}, {@code bfloat16} or {@code int8}
     */
    public static ProcessBuilder process(String precision) {
        return JavaCommand.of(MultiplyAddSubject.class, precision, System.getProperty(LIBRARY, ""));
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        return new Reply.Ready(loadNanoseconds, loops.description(), Map.of("threads", String.valueOf(threads)));
    }

    @Override
    public Reply reply(Command command) {
        if (command instanceof Command.MultiplyAndAdd measure) {
            // Processors differ in how many sums they need to be busy and in how many registers they have.
            double few = gflops(measure.seconds() / 2, false);
            double many = gflops(measure.seconds() / 2, true);
            return new Reply.Rate(Math.max(few, many));
        }
        throw new BenchmarkException("the multiply-adds cannot do " + command);
    }

    private double gflops(double seconds, boolean many) {
        CyclicBarrier start = new CyclicBarrier(threads);
        DoubleAdder rate = new DoubleAdder();
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            workers[i] = new Thread(() -> {
                try {
                    start.await();
                    rate.add(rate(seconds, many));
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            });
            workers[i].start();
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
        return rate.sum();
    }

    private double rate(double seconds, boolean many) {
        long operations = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < seconds * 1e9) {
            if (many) {
                loops.many(ITERATIONS, FACTOR);
            } else {
                loops.few(ITERATIONS, FACTOR);
            }
            operations += 2L * ITERATIONS * loops.lanes() * (many ? MultiplyAdds.MANY : MultiplyAdds.FEW);
            now = System.nanoTime();
        }
        return operations / (double) (now - begin);
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
