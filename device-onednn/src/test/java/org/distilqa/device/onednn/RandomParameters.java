package org.distilqa.device.onednn;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/** Random weights for a network of any dimensions. */
final class RandomParameters implements Parameters {
    private final Map<String, float[]> values = new HashMap<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private final Random random;

    RandomParameters(DistilBertConfig config, long seed) {
        this.random = new Random(seed);
        int dim = config.dim();
        int hidden = config.hiddenDim();
        add("distilbert.embeddings.word_embeddings.weight", 1, 0, config.vocabSize(), dim);
        add("distilbert.embeddings.position_embeddings.weight", 1, 0, config.maxPositionEmbeddings(), dim);
        addLayerNorm("distilbert.embeddings.LayerNorm", dim);
        for (int layer = 0; layer < config.nLayers(); layer++) {
            String prefix = "distilbert.transformer.layer." + layer;
            for (String map : new String[] {"q_lin", "k_lin", "v_lin", "out_lin"}) {
                addLinear(prefix + ".attention." + map, dim, dim);
            }
            addLayerNorm(prefix + ".sa_layer_norm", dim);
            addLinear(prefix + ".ffn.lin1", hidden, dim);
            addLinear(prefix + ".ffn.lin2", dim, hidden);
            addLayerNorm(prefix + ".output_layer_norm", dim);
        }
        addLinear("qa_outputs", 2, dim);
    }

    private void addLinear(String prefix, int outputs, int inputs) {
        add(prefix + ".weight", 1 / Math.sqrt(inputs), 0, outputs, inputs);
        add(prefix + ".bias", 0.1, 0, outputs);
    }

    private void addLayerNorm(String prefix, int width) {
        add(prefix + ".weight", 0.1, 1, width);
        add(prefix + ".bias", 0.1, 0, width);
    }

    private void add(String name, double deviation, double mean, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        float[] tensor = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (float) (mean + deviation * random.nextGaussian());
        }
        shapes.put(name, shape);
        values.put(name, tensor);
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
        if (!values.containsKey(name)) {
            throw new InvalidModelException("no tensor " + name);
        }
        System.arraycopy(values.get(name), Math.toIntExact(offset), target, targetOffset, length);
    }
}
