package org.distilqa.training;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * DistilBERT with a head for question answering, forwards and backwards, for some sequences on one thread. The tokens of all
 * sequences stand one after another, without padding. Matrices are kept as (in, out), query, key and value side by side; the
 * export turns them into the checkpoint's form. Gradients are added to an array of this pass's own, laid out as the parameters.
 */
final class Pass {
    private final Dimensions dimensions;
    private final Parameters parameters;
    private final float[] weights;
    private final float[] gradients;
    private final Products products = new Products();
    private final Layer[] layers;
    private final float[] column = new float[4096];

    private int tokens;
    private int[] starts = {};
    private int[] ids = {};
    private int[] positions = {};
    private float[] summed = {};
    private float[] factors = {};
    private float[] embedded = {};
    private float[] gradient = {};
    private float[] other = {};
    private float[] wide = {};
    private float[] scores = {};

    /** What a layer's backward pass needs of its forward pass. */
    private static final class Layer {
        private float[] fused = {};
        private float[] probabilities = {};
        private float[] mixed = {};
        private float[] attendedNormed = {};
        private float[] attendedFactors = {};
        private float[] attended = {};
        private float[] inner = {};
        private float[] activated = {};
        private float[] slope = {};
        private float[] outputNormed = {};
        private float[] outputFactors = {};
        private float[] output = {};
    }

    Pass(Dimensions dimensions, Parameters parameters) {
        this.dimensions = dimensions;
        this.parameters = parameters;
        this.weights = parameters.values();
        this.gradients = new float[weights.length];
        this.layers = new Layer[dimensions.layers()];
        Arrays.setAll(layers, i -> new Layer());
    }

    float[] gradients() {
        return gradients;
    }

    /**
     * The sum of the examples' losses, of which the gradients are added: the mean of the cross entropies of the right start and the
     * right end among the context's tokens.
     *
     * @param scale what the gradients are multiplied with
     * @param random where given, a third of the contexts are moved to later positions, so that all positions are learned
     *     though most sequences are short; null to leave them
     */
    double learn(List<Encoded> examples, Random random, float scale) {
        forward(examples, random);
        float[] hidden = layers[layers.length - 1].output;
        gradient = zeroed(gradient, tokens * dimensions.width());
        double loss = 0;
        for (int s = 0; s < examples.size(); s++) {
            Encoded example = examples.get(s);
            loss += headBack(example, starts[s], hidden, 0, example.start(), scale);
            loss += headBack(example, starts[s], hidden, 1, example.end(), scale);
        }
        backward();
        return loss / 2;
    }

    /** The start logits and the end logits of the tokens of each example's context. */
    float[][][] logits(List<Encoded> examples) {
        forward(examples, null);
        float[] hidden = layers[layers.length - 1].output;
        float[][][] logits = new float[examples.size()][2][];
        for (int s = 0; s < examples.size(); s++) {
            for (int which = 0; which < 2; which++) {
                logits[s][which] =
                        headLogits(examples.get(s), starts[s], hidden, which).clone();
            }
        }
        return logits;
    }

    // The head

    private float[] headLogits(Encoded example, int at, float[] hidden, int which) {
        int width = dimensions.width();
        loadColumn("qa.weight", which);
        float bias = weights[parameters.offset("qa.bias") + which];
        float[] logits = new float[example.length() - 1 - example.context()];
        for (int t = 0; t < logits.length; t++) {
            logits[t] = bias + Rows.dot(hidden, (at + example.context() + t) * width, column, 0, width);
        }
        return logits;
    }

    private void loadColumn(String name, int which) {
        int from = parameters.offset(name) + which;
        for (int i = 0; i < dimensions.width(); i++) {
            column[i] = weights[from + 2 * i];
        }
    }

    /** The cross entropy, and the gradients of the head and of the hidden states. */
    private double headBack(Encoded example, int at, float[] hidden, int which, int target, float scale) {
        int width = dimensions.width();
        float[] logits = headLogits(example, at, hidden, which);
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        int right = target - example.context();
        int weight = parameters.offset("qa.weight") + which;
        int bias = parameters.offset("qa.bias") + which;
        float[] weightGradient = new float[width];
        for (int t = 0; t < logits.length; t++) {
            double probability = Math.exp(logits[t] - largest) / sum;
            float slope = (float) (0.5 * scale * (probability - (t == right ? 1 : 0)));
            int row = (at + example.context() + t) * width;
            Rows.addScaled(slope, column, 0, gradient, row, width);
            Rows.addScaled(slope, hidden, row, weightGradient, 0, width);
            gradients[bias] += slope;
        }
        for (int i = 0; i < width; i++) {
            gradients[weight + 2 * i] += weightGradient[i];
        }
        return largest + Math.log(sum) - logits[right];
    }

    // Forwards

    private void forward(List<Encoded> examples, Random random) {
        collect(examples, random);
        int width = dimensions.width();
        int words = parameters.offset("word");
        int places = parameters.offset("position");
        summed = zeroed(summed, tokens * width);
        embedded = sized(embedded, tokens * width);
        factors = sized(factors, tokens);
        for (int t = 0; t < tokens; t++) {
            Rows.addScaled(1, weights, words + ids[t] * width, summed, t * width, width);
            Rows.addScaled(1, weights, places + positions[t] * width, summed, t * width, width);
        }
        norm(summed, "embeddings", embedded, factors);
        float[] hidden = embedded;
        for (int l = 0; l < layers.length; l++) {
            hidden = forward(layers[l], l + ".", hidden);
        }
    }

    private void collect(List<Encoded> examples, Random random) {
        tokens = examples.stream().mapToInt(Encoded::length).sum();
        starts = new int[examples.size() + 1];
        ids = new int[tokens];
        positions = new int[tokens];
        int at = 0;
        for (int s = 0; s < examples.size(); s++) {
            Encoded example = examples.get(s);
            starts[s] = at;
            int shift = random != null && random.nextInt(3) == 0
                    ? random.nextInt(dimensions.positions() - example.length() + 1)
                    : 0;
            for (int t = 0; t < example.length(); t++) {
                ids[at] = example.ids()[t];
                positions[at] = t + (t >= example.context() ? shift : 0);
                at++;
            }
        }
        starts[examples.size()] = at;
    }

    private float[] forward(Layer layer, String prefix, float[] hidden) {
        int width = dimensions.width();
        int inner = dimensions.hidden();
        layer.fused = sized(layer.fused, tokens * 3 * width);
        linear(hidden, width, prefix + "qkv", layer.fused, 3 * width);
        attend(layer);
        layer.attendedNormed = sized(layer.attendedNormed, tokens * width);
        linear(layer.mixed, width, prefix + "out", layer.attendedNormed, width);
        Rows.addScaled(1, hidden, 0, layer.attendedNormed, 0, tokens * width);
        layer.attended = sized(layer.attended, tokens * width);
        layer.attendedFactors = sized(layer.attendedFactors, tokens);
        norm(layer.attendedNormed, prefix + "attention", layer.attended, layer.attendedFactors);

        layer.inner = sized(layer.inner, tokens * inner);
        layer.activated = sized(layer.activated, tokens * inner);
        layer.slope = sized(layer.slope, tokens * inner);
        linear(layer.attended, width, prefix + "lin1", layer.inner, inner);
        Rows.gelu(layer.inner, layer.activated, layer.slope, tokens * inner);
        layer.outputNormed = sized(layer.outputNormed, tokens * width);
        linear(layer.activated, inner, prefix + "lin2", layer.outputNormed, width);
        Rows.addScaled(1, layer.attended, 0, layer.outputNormed, 0, tokens * width);
        layer.output = sized(layer.output, tokens * width);
        layer.outputFactors = sized(layer.outputFactors, tokens);
        norm(layer.outputNormed, prefix + "output", layer.output, layer.outputFactors);
        return layer.output;
    }

    private void linear(float[] input, int in, String name, float[] result, int out) {
        int bias = parameters.offset(name + ".bias");
        for (int t = 0; t < tokens; t++) {
            System.arraycopy(weights, bias, result, t * out, out);
        }
        int weight = parameters.offset(name + ".weight");
        products.add(tokens, out, in, input, 0, in, 1, weights, weight, out, 1, result, 0, out);
    }

    private void norm(float[] rows, String name, float[] result, float[] rowFactors) {
        int width = dimensions.width();
        int weight = parameters.offset(name + ".norm.weight");
        int bias = parameters.offset(name + ".norm.bias");
        for (int t = 0; t < tokens; t++) {
            rowFactors[t] = Rows.norm(rows, t * width, weights, weight, bias, result, t * width, width);
        }
    }

    private float scoreScale() {
        return (float) (1 / Math.sqrt(dimensions.headWidth()));
    }

    /** The floats of one head's probabilities of all sequences before one. */
    private int probabilitiesBefore(int sequence) {
        int sum = 0;
        for (int s = 0; s < sequence; s++) {
            int length = starts[s + 1] - starts[s];
            sum += length * Rows.padded(length) * dimensions.heads();
        }
        return sum;
    }

    private void attend(Layer layer) {
        int width = dimensions.width();
        int size = dimensions.headWidth();
        int fusedWidth = 3 * width;
        layer.mixed = zeroed(layer.mixed, tokens * width);
        layer.probabilities = zeroed(layer.probabilities, probabilitiesBefore(starts.length - 1));
        int at = 0;
        for (int s = 0; s + 1 < starts.length; s++) {
            int length = starts[s + 1] - starts[s];
            int stride = Rows.padded(length);
            for (int head = 0; head < dimensions.heads(); head++) {
                int query = starts[s] * fusedWidth + head * size;
                int key = query + width;
                int value = query + 2 * width;
                float[] fused = layer.fused;
                products.add(
                        length,
                        length,
                        size,
                        fused,
                        query,
                        fusedWidth,
                        1,
                        fused,
                        key,
                        1,
                        fusedWidth,
                        layer.probabilities,
                        at,
                        stride);
                for (int row = at; row < at + length * stride; row += stride) {
                    Arrays.fill(layer.probabilities, row + length, row + stride, Rows.FAR_BELOW);
                    Rows.softmax(layer.probabilities, row, stride, scoreScale());
                }
                products.add(
                        length,
                        size,
                        length,
                        layer.probabilities,
                        at,
                        stride,
                        1,
                        fused,
                        value,
                        fusedWidth,
                        1,
                        layer.mixed,
                        starts[s] * width + head * size,
                        width);
                at += length * stride;
            }
        }
    }

    // Backwards

    private void backward() {
        int width = dimensions.width();
        other = sized(other, tokens * width);
        for (int l = layers.length - 1; l >= 0; l--) {
            backward(layers[l], l + ".", l == 0 ? embedded : layers[l - 1].output);
        }
        normBack(summed, "embeddings", factors);
        int words = parameters.offset("word");
        int places = parameters.offset("position");
        for (int t = 0; t < tokens; t++) {
            Rows.addScaled(1, gradient, t * width, gradients, words + ids[t] * width, width);
            Rows.addScaled(1, gradient, t * width, gradients, places + positions[t] * width, width);
        }
    }

    /** Replaces the gradient of the layer's output by that of its input. */
    private void backward(Layer layer, String prefix, float[] hidden) {
        int width = dimensions.width();
        int inner = dimensions.hidden();
        normBack(layer.outputNormed, prefix + "output", layer.outputFactors);
        wide = zeroed(wide, tokens * Math.max(inner, 3 * width));
        linearBack(layer.activated, inner, prefix + "lin2", gradient, width, wide);
        Rows.multiply(wide, layer.slope, tokens * inner);
        linearBack(layer.attended, width, prefix + "lin1", wide, inner, gradient);
        normBack(layer.attendedNormed, prefix + "attention", layer.attendedFactors);
        other = zeroed(other, tokens * width);
        linearBack(layer.mixed, width, prefix + "out", gradient, width, other);
        wide = zeroed(wide, tokens * Math.max(inner, 3 * width));
        attendBack(layer);
        linearBack(hidden, width, prefix + "qkv", wide, 3 * width, gradient);
    }

    /** Adds the gradients of a linear map's weight and bias, and that of its input to {@code inputGradient}. */
    private void linearBack(
            float[] input, int in, String name, float[] resultGradient, int out, float[] inputGradient) {
        int weight = parameters.offset(name + ".weight");
        int bias = parameters.offset(name + ".bias");
        for (int t = 0; t < tokens; t++) {
            Rows.addScaled(1, resultGradient, t * out, gradients, bias, out);
        }
        products.add(in, out, tokens, input, 0, 1, in, resultGradient, 0, out, 1, gradients, weight, out);
        products.add(tokens, in, out, resultGradient, 0, out, 1, weights, weight, 1, out, inputGradient, 0, in);
    }

    private void normBack(float[] normed, String name, float[] rowFactors) {
        int width = dimensions.width();
        int weight = parameters.offset(name + ".norm.weight");
        int bias = parameters.offset(name + ".norm.bias");
        for (int t = 0; t < tokens; t++) {
            Rows.normBack(
                    normed, t * width, rowFactors[t], weights, weight, bias, gradients, gradient, t * width, width);
        }
    }

    /** From the gradient of the mixed values, in {@code other}, to that of query, key and value, in {@code wide}. */
    private void attendBack(Layer layer) {
        int width = dimensions.width();
        int size = dimensions.headWidth();
        int fusedWidth = 3 * width;
        float[] fused = layer.fused;
        int at = 0;
        for (int s = 0; s + 1 < starts.length; s++) {
            int length = starts[s + 1] - starts[s];
            int stride = Rows.padded(length);
            for (int head = 0; head < dimensions.heads(); head++) {
                int query = starts[s] * fusedWidth + head * size;
                int key = query + width;
                int value = query + 2 * width;
                int mixed = starts[s] * width + head * size;
                scores = zeroed(scores, length * stride);
                products.add(
                        length, length, size, other, mixed, width, 1, fused, value, 1, fusedWidth, scores, 0, stride);
                products.add(
                        length,
                        size,
                        length,
                        layer.probabilities,
                        at,
                        1,
                        stride,
                        other,
                        mixed,
                        width,
                        1,
                        wide,
                        value,
                        fusedWidth);
                for (int row = 0; row < length; row++) {
                    Rows.softmaxBack(
                            layer.probabilities, at + row * stride, scores, row * stride, stride, scoreScale());
                }
                products.add(
                        length, size, length, scores, 0, stride, 1, fused, key, fusedWidth, 1, wide, query, fusedWidth);
                products.add(
                        length, size, length, scores, 0, 1, stride, fused, query, fusedWidth, 1, wide, key, fusedWidth);
                at += length * stride;
            }
        }
    }

    private static float[] sized(float[] array, int length) {
        // Some more, so that slightly longer batches do not each take a new one.
        return array.length >= length ? array : new float[length + length / 4];
    }

    private static float[] zeroed(float[] array, int length) {
        float[] result = sized(array, length);
        Arrays.fill(result, 0, length, 0);
        return result;
    }
}
