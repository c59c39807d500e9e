package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/** Random weights for a network of any size, of the spread that make a network's logits differ from token to token. */
final class RandomParameters implements Parameters {
    private final Map<String, Shape> shapes = new HashMap<>();
    private final Map<String, float[]> values = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    RandomParameters(DistilBertConfig config, long seed) {
        int dim = config.dim();
        double width = Math.sqrt(768.0 / dim);
        matrix("distilbert.embeddings.word_embeddings.weight", config.vocabSize(), dim, 0.05);
        matrix("distilbert.embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), dim, 0.02);
        norm("distilbert.embeddings.LayerNorm", dim);
        for (int layer = 0; layer < config.nLayers(); layer++) {
            String prefix = "distilbert.transformer.layer." + layer + ".";
            linear(prefix + "attention.q_lin", dim, dim, 0.055 * width);
            linear(prefix + "attention.k_lin", dim, dim, 0.055 * width);
            linear(prefix + "attention.v_lin", dim, dim, 0.04 * width);
            linear(prefix + "attention.out_lin", dim, dim, 0.04 * width);
            norm(prefix + "sa_layer_norm", dim);
            linear(prefix + "ffn.lin1", config.hiddenDim(), dim, 0.04 * width);
            linear(prefix + "ffn.lin2", dim, config.hiddenDim(), 0.04 * width);
            norm(prefix + "output_layer_norm", dim);
        }
        linear("qa_outputs", 2, dim, 0.1);
        names.parallelStream().forEach(name -> fill(name, seed));
    }

    private void matrix(String name, int rows, int columns, double spread) {
        shapes.put(name, Shape.of(rows, columns));
        float[] array = new float[rows * columns];
        array[0] = (float) spread;
        values.put(name, array);
        names.add(name);
    }

    private void vector(String name, int size) {
        shapes.put(name, Shape.of(size));
        float[] array = new float[size];
        array[0] = 0.03f;
        values.put(name, array);
        names.add(name);
    }

    private void linear(String prefix, int outputs, int inputs, double spread) {
        matrix(prefix + ".weight", outputs, inputs, spread);
        vector(prefix + ".bias", outputs);
    }

    private void norm(String prefix, int width) {
        vector(prefix + ".weight", width);
        vector(prefix + ".bias", width);
    }

    /** The first element says how spread out the values are to be. */
    private void fill(String name, long seed) {
        float[] array = values.get(name);
        double spread = array[0];
        double mean = name.contains("orm.weight") || name.contains("_norm.weight") ? 1 : 0;
        SplittableRandom random = new SplittableRandom(seed ^ name.hashCode());
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) (mean + spread * random.nextGaussian());
        }
    }

    @Override
    public String source() {
        return "random weights";
    }

    @Override
    public Optional<Shape> shape(String name) {
        return Optional.ofNullable(shapes.get(name));
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        System.arraycopy(values.get(name), (int) offset, target, targetOffset, length);
    }
}
