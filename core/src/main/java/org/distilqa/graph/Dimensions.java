package org.distilqa.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distilqa.InvalidModelException;

/**
 * The dimensions that all networks have, at first those of the base models, and what is asked of them. They are set while a
 * configuration is built; a configuration has a copy of its own, which is not changed any more.
 */
final class Dimensions implements Cloneable {
    private static final int MAX_WIDTH = 1 << 20;

    int vocabSize = 30522;
    int maxPositionEmbeddings = 512;
    int layers;
    int heads = 12;
    int width = 768;
    int innerWidth = 3072;
    Activation activation = Activation.GELU;

    private final Names names;

    /** What {@code config.json} calls those dimensions whose names are not the same for all networks. */
    record Names(String layers, String heads, String width, String innerWidth, String activation) {}

    Dimensions(Names names, int layers) {
        this.names = names;
        this.layers = layers;
    }

    /**
     * A copy for a configuration.
     *
     * @throws InvalidModelException if a dimension is less than 1, the heads do not divide the width, or a row is too wide to count
     *     its elements, threefold
     */
    Dimensions checkedCopy() {
        requirePositive("vocab_size", vocabSize);
        requirePositive("max_position_embeddings", maxPositionEmbeddings);
        requirePositive(names.layers, layers);
        requireWidth(names.width, width);
        requireWidth(names.innerWidth, innerWidth);
        requirePositive(names.heads, heads);
        if (width % heads != 0) {
            throw new InvalidModelException(
                    names.width + " is " + width + ", which " + names.heads + ", " + heads + ", does not divide");
        }
        try {
            return (Dimensions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidModelException(name + " is " + value + "; it must be at least 1");
        }
    }

    private static void requireWidth(String name, int value) {
        requirePositive(name, value);
        if (value > MAX_WIDTH) {
            throw new InvalidModelException(name + " is " + value + "; at most " + MAX_WIDTH + " can be handled");
        }
    }

    /** The dimensions by the names in {@code config.json}, as configurations are compared and shown. */
    Map<String, Object> byName() {
        Map<String, Object> byName = new LinkedHashMap<>();
        byName.put("vocab_size", vocabSize);
        byName.put("max_position_embeddings", maxPositionEmbeddings);
        byName.put(names.layers, layers);
        byName.put(names.heads, heads);
        byName.put(names.width, width);
        byName.put(names.innerWidth, innerWidth);
        byName.put(names.activation, activation);
        return byName;
    }
}
