package org.distilqa.benchmarks;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.DoubleAdder;

/** The processor alone: what all its threads together multiply and add in registers. Nothing can be faster. */
final class MultiplyAddSubject implements Subject {
    /** Long enough to amortise a call, short enough to end in time: well under a millisecond. */
    private static final int ITERATIONS = 20_000;

    private final MultiplyAdds loops = loops();
    private final int threads = Runtime.getRuntime().availableProcessors();
    private volatile float sink;

    /** By name: the class cannot be compiled or loaded without the incubating module. */
    private static MultiplyAdds loops() {
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
        return new Reply.Ready(
                loadNanoseconds,
                "multiply-adds of " + loops.lanes() + " float32 in independent registers",
                Map.of("threads", String.valueOf(threads)));
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
        float sum = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < seconds * 1e9) {
            sum += many ? loops.many(ITERATIONS, 1e-3f) : loops.few(ITERATIONS, 1e-3f);
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
