package org.distilqa.graph;

import org.distilqa.InvalidModelException;

/**
 * The dimensions of a BERT network, by the names that Hugging Face's {@code config.json} gives them.
 *
 * @param vocabSize rows of the token embedding ({@code vocab_size})
 * @param maxPositionEmbeddings the longest sequence, in tokens ({@code max_position_embeddings})
 * @param typeVocabSize rows of the embedding of token types ({@code type_vocab_size}); the first is the question's, the second
 *     the context's
 * @param numHiddenLayers transformer blocks ({@code num_hidden_layers})
 * @param numAttentionHeads attention heads of a block ({@code num_attention_heads}); divides {@code hiddenSize}
 * @param hiddenSize columns of the hidden states ({@code hidden_size})
 * @param intermediateSize columns between the two maps of a feed-forward network ({@code intermediate_size})
 * @param hiddenAct the activation between those two ({@code hidden_act})
 * @param layerNormEps what a layer norm adds to the variance ({@code layer_norm_eps})
 */
public record BertConfig(
        int vocabSize,
        int maxPositionEmbeddings,
        int typeVocabSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int hiddenSize,
        int intermediateSize,
        Activation hiddenAct,
        double layerNormEps)
        implements NetworkConfig {

    /**
     * Checks that every dimension is at least 1, that there are two token types, that the heads divide {@code hiddenSize}, that
     * no row is too wide to count, and that {@code layerNormEps} is from 0 to 1.
     *
     * @param vocabSize rows of the token embedding
     * @param maxPositionEmbeddings the longest sequence
     * @param typeVocabSize rows of the embedding of token types
     * @param numHiddenLayers transformer blocks
     * @param numAttentionHeads attention heads of a block
     * @param hiddenSize columns of the hidden states
     * @param intermediateSize columns between the two maps of a feed-forward network
     * @param hiddenAct the activation between those two
     * @param layerNormEps what a layer norm adds to the variance
     * @throws InvalidModelException if not
     */
    public BertConfig {
        Dimensions.requirePositive("vocab_size", vocabSize);
        Dimensions.requirePositive("max_position_embeddings", maxPositionEmbeddings);
        Dimensions.requirePositive("num_hidden_layers", numHiddenLayers);
        Dimensions.requireWidth("hidden_size", hiddenSize);
        Dimensions.requireWidth("intermediate_size", intermediateSize);
        Dimensions.requireDivides("num_attention_heads", numAttentionHeads, "hidden_size", hiddenSize);
        if (typeVocabSize < 2) {
            throw new InvalidModelException(
                    "type_vocab_size is " + typeVocabSize + "; a question and its context take two token types");
        }
        if (!(layerNormEps >= 0 && layerNormEps <= 1)) {
            throw new InvalidModelException("layer_norm_eps is " + layerNormEps + "; it must be from 0 to 1");
        }
    }

    @Override
    public int nLayers() {
        return numHiddenLayers;
    }

    @Override
    public int nHeads() {
        return numAttentionHeads;
    }

    @Override
    public int dim() {
        return hiddenSize;
    }

    @Override
    public int hiddenDim() {
        return intermediateSize;
    }

    @Override
    public Activation activation() {
        return hiddenAct;
    }
}
