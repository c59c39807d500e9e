package org.distilqa.graph;

import org.distilqa.InvalidModelException;

/**
 * The dimensions of a DistilBERT network, by the names that Hugging Face's {@code config.json} gives them. Immutable.
 */
public final class DistilBertConfig extends NetworkConfig {
    private static final Dimensions.Names NAMES =
            new Dimensions.Names("n_layers", "n_heads", "dim", "hidden_dim", "activation");

    private DistilBertConfig(Builder builder) {
        super(builder.dimensions.checkedCopy());
    }

    /**
     * A builder with the dimensions of the base model, which are the defaults of Hugging Face's transformers.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a {@link DistilBertConfig}. Not safe for use by many threads. */
    public static final class Builder {
        private final Dimensions dimensions = new Dimensions(NAMES, 6);

        private Builder() {}

        /**
         * Sets the rows of the token embedding ({@code vocab_size}).
         *
         * @param vocabSize at least 1; by default 30522
         * @return this builder
         */
        public Builder vocabSize(int vocabSize) {
            dimensions.vocabSize = vocabSize;
            return this;
        }

        /**
         * Sets the longest sequence ({@code max_position_embeddings}).
         *
         * @param maxPositionEmbeddings its tokens, at least 1; by default 512
         * @return this builder
         */
        public Builder maxPositionEmbeddings(int maxPositionEmbeddings) {
            dimensions.maxPositionEmbeddings = maxPositionEmbeddings;
            return this;
        }

        /**
         * Sets how many transformer blocks there are ({@code n_layers}).
         *
         * @param nLayers at least 1; by default 6
         * @return this builder
         */
        public Builder nLayers(int nLayers) {
            dimensions.layers = nLayers;
            return this;
        }

        /**
         * Sets how many attention heads a block has ({@code n_heads}).
         *
         * @param nHeads at least 1; divides {@code dim}; by default 12
         * @return this builder
         */
        public Builder nHeads(int nHeads) {
            dimensions.heads = nHeads;
            return this;
        }

        /**
         * Sets the columns of the hidden states ({@code dim}).
         *
         * @param dim 1 to 2^20; by default 768
         * @return this builder
         */
        public Builder dim(int dim) {
            dimensions.width = dim;
            return this;
        }

        /**
         * Sets the columns between the two maps of a feed-forward network ({@code hidden_dim}).
         *
         * @param hiddenDim 1 to 2^20; by default 3072
         * @return this builder
         */
        public Builder hiddenDim(int hiddenDim) {
            dimensions.innerWidth = hiddenDim;
            return this;
        }

        /**
         * Sets the activation between those two ({@code activation}).
         *
         * @param activation which one; by default {@link Activation#GELU}
         * @return this builder
         */
        public Builder activation(Activation activation) {
            dimensions.activation = activation;
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return the configuration; the builder may be used further
         * @throws InvalidModelException if a dimension is less than 1, the heads do not divide {@code dim}, or a row is too wide to
         *     count
         */
        public DistilBertConfig build() {
            return new DistilBertConfig(this);
        }
    }
}
