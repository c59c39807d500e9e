package org.distilqa.training;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;

/** Trains the network on the prepared examples, on all cores; goes on from its last saved state. */
final class Trainer {
    private static final int TOKENS_OF_A_BATCH = 2048;
    private static final int REPORT_EVERY = 50;
    private static final int SAVE_EVERY = 500;
    private static final int LONGEST_ANSWER = 15;

    /** Shares of a batch, whatever the cores, so that the sums are the same on every machine. */
    private static final int PARTS = 2;

    private final Path work;
    private final Dimensions dimensions;
    private final Schedule schedule;
    private final Parameters parameters;
    private final Adam adam;
    private final List<Pass> passes = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(PARTS);

    Trainer(Path work, Dimensions dimensions, Schedule schedule) throws IOException {
        this.work = work;
        this.dimensions = dimensions;
        this.schedule = schedule;
        this.parameters = new Parameters(Initialization.of(work, dimensions));
        this.adam = new Adam(parameters.values());
        for (int i = 0; i < PARTS; i++) {
            passes.add(new Pass(dimensions, parameters));
        }
    }

    void run() throws IOException {
        try {
            train();
        } finally {
            threads.shutdown();
        }
    }

    private void train() throws IOException {
        List<Encoded> heldOut = read("held-out.bin");
        List<Encoded> validation = Files.exists(work.resolve("validation.bin")) ? read("validation.bin") : List.of();
        Batches batches = new Batches(read("training.bin"), TOKENS_OF_A_BATCH);
        Path state = work.resolve("state.bin");
        List<float[]> saved = List.of(parameters.values(), adam.means(), adam.variances());
        int step = Files.exists(state) ? State.load(state, saved) : 0;
        List<List<Encoded>> pass = batches.pass(0);
        int steps = pass.size();
        log(
                "%d steps a pass, %d parameters; begins at step %d of %d",
                steps, parameters.values().length, step, schedule.steps());
        if (step >= steps) {
            pass = batches.pass(step / steps);
        }
        double loss = 0;
        long tokens = 0;
        long begin = System.nanoTime();
        while (step < schedule.steps()) {
            List<Encoded> batch = pass.get(step % steps % pass.size());
            loss += step(batch, step);
            tokens += batch.stream().mapToInt(Encoded::length).sum();
            step++;
            if (step % REPORT_EVERY == 0) {
                double seconds = (System.nanoTime() - begin) / 1e9;
                log("step %d: loss %.3f, %.0f tokens a second", step, loss / REPORT_EVERY, tokens / seconds);
                loss = 0;
                tokens = 0;
                begin = System.nanoTime();
            }
            if (step % SAVE_EVERY == 0 || step == schedule.steps()) {
                log("step %d: held out %s", step, evaluate(heldOut));
                if (!validation.isEmpty()) {
                    log("step %d: validation %s", step, evaluate(validation));
                }
                State.save(state, step, saved);
                begin = System.nanoTime();
            }
            if (step % steps == 0) {
                pass = batches.pass(step / steps);
            }
        }
    }

    private double step(List<Encoded> batch, int step) {
        List<List<Encoded>> parts = Batches.parts(batch, PARTS);
        double loss =
                onAll(part -> passes.get(part).learn(parts.get(part), new Random(step * 31L + part), 1f / batch.size()))
                        / batch.size();
        List<float[]> gradients = passes.stream().map(Pass::gradients).toList();
        double squares = onAll(part -> Adam.collect(gradients, from(part), from(part + 1)));
        double norm = Math.sqrt(squares);
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("step " + step + ": the gradient's norm is " + norm);
        }
        onAll(part -> {
            adam.update(gradients.get(0), from(part), from(part + 1), norm, step, schedule.rate(step));
            return 0;
        });
        return loss;
    }

    private int from(int part) {
        return (int) ((long) parameters.values().length * part / PARTS);
    }

    /** Runs a task for each part at the same time and gives the sum of what they return. */
    private double onAll(IntToDoubleFunction task) {
        List<Future<Double>> futures = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            int own = part;
            futures.add(threads.submit(() -> task.applyAsDouble(own)));
        }
        double sum = 0;
        try {
            for (Future<Double> future : futures) {
                sum += future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of a step failed", e.getCause());
        }
        return sum;
    }

    /** The part of exactly right answers, and the mean F1 over tokens, among spans of the context. */
    private String evaluate(List<Encoded> examples) {
        double[] exact = new double[PARTS];
        double f1 = onAll(part -> {
            double sum = 0;
            for (int i = part; i < examples.size(); i += PARTS) {
                Encoded example = examples.get(i);
                float[][] logits = passes.get(part).logits(List.of(example))[0];
                int[] span = best(logits[0], logits[1]);
                int start = example.start() - example.context();
                int end = example.end() - example.context();
                exact[part] += span[0] == start && span[1] == end ? 1 : 0;
                int common = Math.max(0, Math.min(span[1], end) - Math.max(span[0], start) + 1);
                sum += 2.0 * common / (span[1] - span[0] + 1 + end - start + 1);
            }
            return sum;
        });
        double right = 0;
        for (double part : exact) {
            right += part;
        }
        return String.format(
                Locale.ROOT, "exact %.1f, F1 %.1f", 100 * right / examples.size(), 100 * f1 / examples.size());
    }

    private static int[] best(float[] starts, float[] ends) {
        int[] best = {0, 0};
        float score = Float.NEGATIVE_INFINITY;
        for (int start = 0; start < starts.length; start++) {
            for (int end = start; end < Math.min(starts.length, start + LONGEST_ANSWER); end++) {
                if (starts[start] + ends[end] > score) {
                    score = starts[start] + ends[end];
                    best = new int[] {start, end};
                }
            }
        }
        return best;
    }

    private List<Encoded> read(String name) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(work.resolve(name)), 1 << 16))) {
            return Encoded.readAll(in);
        }
    }

    private static void log(String format, Object... values) {
        System.err.println("training: " + String.format(Locale.ROOT, format, values));
    }
}
