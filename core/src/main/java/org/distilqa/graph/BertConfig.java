package org.distilqa.graph;

import java.util.Map;
import org.distilqa.InvalidModelException;

/**
 * The dimensions of a BERT network, by the names that Hugging Face's {@code config.json} gives them. Immutable.
 */
public final class BertConfig extends NetworkConfig {
    private static final Dimensions.Names NAMES = new Dimensions.Names(
            "num_hidden_layers", "num_attention_heads", "hidden_size", "intermediate_size", "hidden_act");

    private final int typeVocabSize;
    private final double layerNormEps;

    private BertConfig(Builder builder) {
        super(builder.dimensions.checkedCopy());
        typeVocabSize = builder.typeVocabSize;
        layerNormEps = builder.layerNormEps;
        if (typeVocabSize < 2) {
            throw new InvalidModelException(
                    "type_vocab_size is " + typeVocabSize + "; a question and its context take two token types");
        }
        if (!(layerNormEps >= 0 && layerNormEps <= 1)) {
            throw new InvalidModelException("layer_norm_eps is " + layerNormEps + "; it must be from 0 to 1");
        }
    }

    /**
     * A builder with the dimensions of the base model, which are the defaults of Hugging Face's transformers.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Rows of the embedding of token types ({@code type_vocab_size}); the first is the question's, the second the context's.
     *
     * @return at least 2
     */
    public int typeVocabSize() {
        return typeVocabSize;
    }

    /**
     * What a layer norm adds to the variance ({@code layer_norm_eps}).
     *
     * @return 0 to 1
     */
    public double layerNormEps() {
        return layerNormEps;
    }

    @Override
    Map<String, Object> byName() {
        Map<String, Object> byName = super.byName();
        byName.put("type_vocab_size", typeVocabSize);
        byName.put("layer_norm_eps", layerNormEps);
        return byName;
    }

    /** Makes a {@link BertConfig}. Not safe for use by many threads. */
    public static final class Builder {
        private final Dimensions dimensions = new Dimensions(NAMES, 12);
        private int typeVocabSize = 2;
        private double layerNormEps = 1e-12;

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
         * Sets the rows of the embedding of token types ({@code type_vocab_size}).
         *
         * @param typeVocabSize at least 2; by default 2
         * @return this builder
         */
        public Builder typeVocabSize(int typeVocabSize) {
            this.typeVocabSize = typeVocabSize;
            return this;
        }

        /**
         * Sets how many transformer blocks there are ({@code num_hidden_layers}).
         *
         * @param numHiddenLayers at least 1; by default 12
         * @return this builder
         */
        public Builder numHiddenLayers(int numHiddenLayers) {
            dimensions.layers = numHiddenLayers;
            return this;
        }

        /**
         * Sets how many attention heads a block has ({@code num_attention_heads}).
         *
         * @param numAttentionHeads at least 1; divides {@code hiddenSize}; by default 12
         * @return this builder
         */
        public Builder numAttentionHeads(int numAttentionHeads) {
            dimensions.heads = numAttentionHeads;
            return this;
        }

        /**
         * Sets the columns of the hidden states ({@code hidden_size}).
         *
         * @param hiddenSize 1 to 2^20; by default 768
         * @return this builder
         */
        public Builder hiddenSize(int hiddenSize) {
            dimensions.width = hiddenSize;
            return this;
        }

        /**
         * Sets the columns between the two maps of a feed-forward network ({@code intermediate_size}).
         *
         * @param intermediateSize 1 to 2^20; by default 3072
         * @return this builder
         */
        public Builder intermediateSize(int intermediateSize) {
            dimensions.innerWidth = intermediateSize;
            return this;
        }

        /**
         * Sets the activation between those two ({@code hidden_act}).
         *
         * @param hiddenAct which one; by default {@link Activation#GELU}
         * @return this builder
         */
        public Builder hiddenAct(Activation hiddenAct) {
            dimensions.activation = hiddenAct;
            return this;
        }

        /**
         * Sets what a layer norm adds to the variance ({@code layer_norm_eps}).
         *
         * @param layerNormEps 0 to 1; by default 1e-12
         * @return this builder
         */
        public Builder layerNormEps(double layerNormEps) {
            this.layerNormEps = layerNormEps;
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return the configuration; the builder may be used further
         * @throws InvalidModelException if a dimension is less than 1, there are fewer than two token types, the heads do not divide
         *     {@code hiddenSize}, a row is too wide to count, or {@code layerNormEps} is not from 0 to 1
         */
        public BertConfig build() {
            return new BertConfig(this);
        }
    }
}
