package org.distilqa.graph;

import java.util.Map;

/** The dimensions of a network, whatever names its {@code config.json} gives them. Immutable. */
public abstract sealed class NetworkConfig permits DistilBertConfig, BertConfig {
    private final Dimensions dimensions;

    NetworkConfig(Dimensions dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * Rows of the token embedding.
     *
     * @return at least 1
     */
    public final int vocabSize() {
        return dimensions.vocabSize;
    }

    /**
     * The longest sequence.
     *
     * @return its tokens, at least 1
     */
    public final int maxPositionEmbeddings() {
        return dimensions.maxPositionEmbeddings;
    }

    /**
     * Transformer blocks.
     *
     * @return at least 1
     */
    public final int nLayers() {
        return dimensions.layers;
    }

    /**
     * Attention heads of a block.
     *
     * @return at least 1; divides {@link #dim()}
     */
    public final int nHeads() {
        return dimensions.heads;
    }

    /**
     * Columns of the hidden states.
     *
     * @return at least 1
     */
    public final int dim() {
        return dimensions.width;
    }

    /**
     * Columns between the two maps of a feed-forward network.
     *
     * @return at least 1
     */
    public final int hiddenDim() {
        return dimensions.innerWidth;
    }

    /**
     * The activation between those two.
     *
     * @return which one
     */
    public final Activation activation() {
        return dimensions.activation;
    }

    /** What two configurations are compared by and shown as, by the names in {@code config.json}. */
    Map<String, Object> byName() {
        return dimensions.byName();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof NetworkConfig config
                && getClass() == config.getClass()
                && byName().equals(config.byName());
    }

    @Override
    public final int hashCode() {
        return byName().hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + byName();
    }
}
