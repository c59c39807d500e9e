package org.distilqa.benchmarks.peak;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.DoubleAdder;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;

/** The processor alone: what all its threads together multiply and add in registers. Nothing can be faster. */
public final class MultiplyAddSubject implements Subject {
    /** Long enough to amortise a call, short enough to end in time: some milliseconds at most. */
    private static final int ITERATIONS = 20_000;

    private final MultiplyAdds loops;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private volatile double sink;

    private MultiplyAddSubject(MultiplyAdds loops) {
        this.loops = loops;
    }

    /**
     * The multiply-adds of a precision.
     *
     * @param precision {@code float32}, {@code bfloat16} or {@code int8}
     * @param library the file of the library for those that are not float32
     * @throws BenchmarkException if they cannot be had here
     */
    public static MultiplyAddSubject of(String precision, String library) {
        return new MultiplyAddSubject(
                switch (precision) {
                    case "float32" -> float32();
                    case "int8", "bfloat16" -> new NativeMultiplyAdds(precision, library);
                    default -> throw new BenchmarkException("there are no multiply-adds of " + precision);
                });
    }

    /** By name: the class cannot be compiled or loaded without the incubating module. */
    private static MultiplyAdds float32() {
        try {
            return (MultiplyAdds) Class.forName(MultiplyAddSubject.class.getPackageName() + ".VectorMultiplyAdds")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new BenchmarkException(
                    "the processor's peak cannot be measured without the JDK's module jdk.incubator.vector", e);
        }
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
        double sum = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < seconds * 1e9) {
            sum += many ? loops.many(ITERATIONS, loops.factor()) : loops.few(ITERATIONS, loops.factor());
            operations += 2L * ITERATIONS * loops.lanes() * (many ? MultiplyAdds.MANY : MultiplyAdds.FEW);
            now = System.nanoTime();
        }
        sink = sum;
        return operations / (double) (now - begin);
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
