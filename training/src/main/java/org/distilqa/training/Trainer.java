package org.distilqa.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Trains the network on the prepared examples; goes on from its last saved state. */
final class Trainer {
    private static final int TOKENS_OF_A_BATCH = 2048;
    private static final int REPORT_EVERY = 50;
    private static final int SAVE_EVERY = 300;
    private static final int LONGEST_ANSWER = 15;

    private final Path work;
    private final Dimensions dimensions;
    private final Schedule schedule;

    Trainer(Path work, Dimensions dimensions, Schedule schedule) {
        this.work = work;
        this.dimensions = dimensions;
        this.schedule = schedule;
    }

    void run() throws IOException {
        List<Encoded> training = read("training.bin");
        List<Encoded> heldOut = read("held-out.bin");
        Path state = work.resolve("state.bin");
        try (NDManager manager = NDManager.newBaseManager()) {
            Network network = new Network(dimensions, manager, Initialization.of(work, dimensions));
            Adam adam = new Adam(network.parameters(), manager);
            List<Map<String, NDArray>> groups = List.of(network.parameters(), adam.means(), adam.variances());
            int step = Files.exists(state) ? State.load(state, groups) : 0;
            Batches batches = new Batches(training, TOKENS_OF_A_BATCH);
            int steps = batches.pass(0).size();
            log(
                    "%d examples, %d steps a pass; begins at step %d of %d",
                    training.size(), steps, step, schedule.steps());
            List<List<Encoded>> pass = batches.pass(step / steps);
            double loss = 0;
            long begin = System.nanoTime();
            long tokens = 0;
            while (step < schedule.steps()) {
                List<Encoded> examples = pass.get(step % steps % pass.size());
                loss += step(network, adam, manager, examples, step);
                tokens += examples.stream().mapToInt(Encoded::length).sum();
                step++;
                if (step % REPORT_EVERY == 0) {
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    log("step %d: loss %.3f, %.0f tokens a second", step, loss / REPORT_EVERY, tokens / seconds);
                    loss = 0;
                    tokens = 0;
                    begin = System.nanoTime();
                }
                if (step % SAVE_EVERY == 0 || step == schedule.steps()) {
                    log("step %d: held out %s", step, evaluate(network, manager, heldOut));
                    State.save(state, step, groups);
                    begin = System.nanoTime();
                }
                if (step == schedule.fallBegins()) {
                    State.save(work.resolve("plateau.bin"), step, groups);
                }
                if (step % steps == 0) {
                    pass = batches.pass(step / steps);
                }
            }
        }
    }

    private double step(Network network, Adam adam, NDManager manager, List<Encoded> examples, int step) {
        try (NDManager scope = manager.newSubManager()) {
            Batch batch = Batch.of(scope, examples, dimensions.positions(), new Random(step));
            float loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray value = network.loss(network.logits(batch), batch);
                collector.backward(value);
                loss = value.getFloat();
            }
            double norm = adam.update(scope, step, schedule.rate(step));
            if (!Double.isFinite(norm)) {
                log("step %d: the gradient's norm is %f; skipped", step, norm);
            }
            return loss;
        }
    }

    /** The part of exactly right answers, and the mean F1 over tokens, among spans of the context. */
    private String evaluate(Network network, NDManager manager, List<Encoded> examples) {
        int exact = 0;
        double f1 = 0;
        List<List<Encoded>> batches = new Batches(examples, TOKENS_OF_A_BATCH).pass(0);
        for (List<Encoded> batch : batches) {
            try (NDManager scope = manager.newSubManager()) {
                Batch input = Batch.of(scope, batch, dimensions.positions(), null);
                NDArray logits = network.logits(input).add(input.contextMask());
                int tokens = (int) logits.getShape().get(2);
                float[] values = logits.toFloatArray();
                for (int i = 0; i < batch.size(); i++) {
                    int[] span = best(values, i * tokens, (batch.size() + i) * tokens, tokens);
                    Encoded example = batch.get(i);
                    exact += span[0] == example.start() && span[1] == example.end() ? 1 : 0;
                    f1 += overlap(span, example);
                }
            }
        }
        return String.format(
                Locale.ROOT, "exact %.1f, F1 %.1f", 100.0 * exact / examples.size(), 100 * f1 / examples.size());
    }

    private static int[] best(float[] values, int starts, int ends, int tokens) {
        int[] best = {0, 0};
        float score = Float.NEGATIVE_INFINITY;
        for (int start = 0; start < tokens; start++) {
            for (int end = start; end < Math.min(tokens, start + LONGEST_ANSWER); end++) {
                float sum = values[starts + start] + values[ends + end];
                if (sum > score) {
                    score = sum;
                    best = new int[] {start, end};
                }
            }
        }
        return best;
    }

    private static double overlap(int[] span, Encoded example) {
        Set<Integer> found = new HashSet<>();
        for (int i = span[0]; i <= span[1]; i++) {
            found.add(i);
        }
        int predicted = found.size();
        int right = example.end() - example.start() + 1;
        int common = 0;
        for (int i = example.start(); i <= example.end(); i++) {
            common += found.contains(i) ? 1 : 0;
        }
        return 2.0 * common / (predicted + right);
    }

    private List<Encoded> read(String name) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(work.resolve(name)), 1 << 16))) {
            return new ArrayList<>(Encoded.readAll(in));
        }
    }

    private static void log(String format, Object... values) {
        System.err.println("training: " + String.format(Locale.ROOT, format, values));
    }
}
