package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PassTest {
    private static final Dimensions SMALL = new Dimensions(50, 64, 2, 2, 32, 48);

    private final Random random = new Random(3);
    private final Parameters parameters = new Parameters(initial());
    private final List<Encoded> examples = List.of(example(7, 3), example(21, 6), example(33, 12));

    private Map<String, Initialization.Tensor> initial() {
        Map<String, Initialization.Tensor> tensors = new LinkedHashMap<>();
        int width = SMALL.width();
        tensors.put("word", random(1, SMALL.vocabulary(), width));
        tensors.put("position", random(1, SMALL.positions(), width));
        norm(tensors, "embeddings");
        for (int layer = 0; layer < SMALL.layers(); layer++) {
            linear(tensors, layer + ".qkv", width, 3 * width);
            linear(tensors, layer + ".out", width, width);
            norm(tensors, layer + ".attention");
            linear(tensors, layer + ".lin1", width, SMALL.hidden());
            linear(tensors, layer + ".lin2", SMALL.hidden(), width);
            norm(tensors, layer + ".output");
        }
        linear(tensors, "qa", width, 2);
        return tensors;
    }

    private void linear(Map<String, Initialization.Tensor> tensors, String name, int in, int out) {
        tensors.put(name + ".weight", random(1.5 / Math.sqrt(in), in, out));
        tensors.put(name + ".bias", random(0.1, out));
    }

    private void norm(Map<String, Initialization.Tensor> tensors, String name) {
        tensors.put(name + ".norm.weight", random(1, SMALL.width()));
        tensors.put(name + ".norm.bias", random(0.1, SMALL.width()));
    }

    private Initialization.Tensor random(double deviation, int... shape) {
        long[] dimensions = new long[shape.length];
        int length = 1;
        for (int i = 0; i < shape.length; i++) {
            dimensions[i] = shape[i];
            length *= shape[i];
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return new Initialization.Tensor(dimensions, values);
    }

    private Encoded example(int length, int context) {
        short[] ids = new short[length];
        for (int i = 0; i < length; i++) {
            ids[i] = (short) random.nextInt(SMALL.vocabulary());
        }
        int start = context + random.nextInt(length - 1 - context);
        int end = start + random.nextInt(length - 1 - start);
        return new Encoded(ids, context, start, end);
    }

    @Test
    void gradientsAreTheSlopesOfTheLoss() {
        Pass pass = new Pass(SMALL, parameters);
        pass.learn(examples, new Random(5), 1);
        float[] values = parameters.values();
        // Differences of losses in float32: a slope of 1 is seen to about 0.005.
        List<Integer> wrong = new ArrayList<>();
        Random choice = new Random(7);
        int seen = 0;
        for (int trial = 0; trial < 600; trial++) {
            int at = choice.nextInt(values.length);
            float before = values[at];
            values[at] = before + 0.01f;
            double above = loss();
            values[at] = before - 0.01f;
            double below = loss();
            values[at] = before;
            double slope = (above - below) / 0.02;
            double found = pass.gradients()[at];
            seen += Math.abs(slope) > 0.01 ? 1 : 0;
            if (Math.abs(slope - found) > 0.005 + 0.03 * Math.abs(slope)) {
                wrong.add(at);
            }
        }
        assertThat(seen).isGreaterThan(100);
        assertThat(wrong).isEmpty();
    }

    private double loss() {
        return new Pass(SMALL, parameters).learn(examples, new Random(5), 0);
    }

    @Test
    void anExampleHasTheSameLogitsAloneAndBesideOthers() {
        float[][][] together = new Pass(SMALL, parameters).logits(examples);
        for (int i = 0; i < examples.size(); i++) {
            float[][] alone = new Pass(SMALL, parameters).logits(List.of(examples.get(i)))[0];
            for (int which = 0; which < 2; which++) {
                assertThat(together[i][which]).containsExactly(alone[which], within(1e-4f));
            }
        }
    }

    @Test
    void gradientsAddUpOverPasses() {
        Pass once = new Pass(SMALL, parameters);
        once.learn(examples, null, 1);
        Pass twice = new Pass(SMALL, parameters);
        twice.learn(examples.subList(0, 1), null, 1);
        twice.learn(examples.subList(1, 3), null, 1);
        assertThat(twice.gradients()).containsExactly(once.gradients(), within(1e-3f));
    }
}
