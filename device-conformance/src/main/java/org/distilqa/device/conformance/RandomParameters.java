package org.distilqa.device.conformance;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/**
 * Random weights for a DistilBERT of any dimensions, the same for the same seed: normally distributed, those of layer norms around
 * 1, all others around 0. Counts the elements that were read. Safe for use by many threads.
 */
public final class RandomParameters implements Parameters {
    private static final String EMBEDDINGS = "distilbert.embeddings.";
    private static final String WEIGHT = ".weight";
    private static final String NORM_WEIGHT = "orm.weight";

    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new HashMap<>();
    private final Map<String, AtomicLong> elementsRead = new HashMap<>();

    private RandomParameters(DistilBertConfig config, long seed, ToDoubleFunction<String> deviation) {
        int dim = config.dim();
        int hidden = config.hiddenDim();
        add(EMBEDDINGS + "word_embeddings.weight", config.vocabSize(), dim);
        add(EMBEDDINGS + "position_embeddings.weight", config.maxPositionEmbeddings(), dim);
        addLayerNorm(EMBEDDINGS + "LayerNorm", dim);
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
        // Each by itself, so that a network of full size is there in a moment.
        values.entrySet().parallelStream()
                .forEach(tensor -> fill(
                        tensor.getValue(),
                        tensor.getKey().endsWith(NORM_WEIGHT) ? 1 : 0,
                        deviation.applyAsDouble(tensor.getKey()),
                        new SplittableRandom(seed ^ tensor.getKey().hashCode())));
    }

    /**
     * Weights that keep the size of what they multiply, and large embeddings: every value of a network matters.
     *
     * @param config the network's dimensions
     * @param seed other weights for another seed
     * @return the weights
     */
    public static RandomParameters of(DistilBertConfig config, long seed) {
        return new RandomParameters(config, seed, name -> {
            if (name.contains("embeddings.weight")) {
                return 1;
            }
            boolean isMatrix = name.endsWith(WEIGHT) && !name.endsWith(NORM_WEIGHT);
            return isMatrix ? 1 / Math.sqrt(name.contains("lin2") ? config.hiddenDim() : config.dim()) : 0.1;
        });
    }

    /**
     * Weights spread as those of trained networks are, which make the logits differ from token to token as theirs do.
     *
     * @param config the network's dimensions
     * @param seed other weights for another seed
     * @return the weights
     */
    public static RandomParameters likeTrained(DistilBertConfig config, long seed) {
        double width = Math.sqrt(768.0 / config.dim());
        return new RandomParameters(config, seed, name -> {
            if (!name.endsWith(WEIGHT) || name.endsWith(NORM_WEIGHT)) {
                return 0.03f;
            }
            if (name.startsWith(EMBEDDINGS)) {
                return name.contains("word") ? 0.05f : 0.02f;
            }
            boolean isScored = name.contains("q_lin") || name.contains("k_lin");
            return name.startsWith("qa_outputs") ? 0.1f : (float) ((isScored ? 0.055 : 0.04) * width);
        });
    }

    private void addLinear(String prefix, int outputs, int inputs) {
        add(prefix + WEIGHT, outputs, inputs);
        add(prefix + ".bias", outputs);
    }

    private void addLayerNorm(String prefix, int width) {
        add(prefix + WEIGHT, width);
        add(prefix + ".bias", width);
    }

    private void add(String name, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        shapes.put(name, shape);
        values.put(name, new float[Math.toIntExact(shape.elements())]);
        elementsRead.put(name, new AtomicLong());
    }

    private static void fill(float[] tensor, double mean, double deviation, SplittableRandom random) {
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (float) (mean + deviation * random.nextGaussian());
        }
    }

    /**
     * How many elements of each tensor were read so far.
     *
     * @return the numbers, by the tensors' names
     */
    public Map<String, Long> elementsRead() {
        Map<String, Long> read = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> read.put(name, elementsRead.get(name).get()));
        return read;
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
        elementsRead.get(name).addAndGet(length);
        System.arraycopy(values.get(name), Math.toIntExact(offset), target, targetOffset, length);
    }
}
