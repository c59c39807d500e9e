package org.distilqa.graph;

import org.distilqa.InvalidModelException;

/**
 * The dimensions of a DistilBERT network, by the names that Hugging Face's {@code config.json} gives them.
 *
 * @param vocabSize rows of the token embedding ({@code vocab_size})
 * @param maxPositionEmbeddings the longest sequence, in tokens ({@code max_position_embeddings})
 * @param nLayers transformer blocks ({@code n_layers})
 * @param nHeads attention heads of a block ({@code n_heads}); divides {@code dim}
 * @param dim columns of the hidden states ({@code dim})
 * @param hiddenDim columns between the two maps of a feed-forward network ({@code hidden_dim})
 * @param activation the activation between those two ({@code activation})
 */
public record DistilBertConfig(
        int vocabSize,
        int maxPositionEmbeddings,
        int nLayers,
        int nHeads,
        int dim,
        int hiddenDim,
        Activation activation) {

    /**
     * Checks that every dimension is at least 1, that the heads divide {@code dim}, and that no row is too wide to count.
     *
     * @param vocabSize rows of the token embedding
     * @param maxPositionEmbeddings the longest sequence
     * @param nLayers transformer blocks
     * @param nHeads attention heads of a block
     * @param dim columns of the hidden states
     * @param hiddenDim columns between the two maps of a feed-forward network
     * @param activation the activation between those two
     * @throws InvalidModelException if not
     */
    public DistilBertConfig {
        requirePositive("vocab_size", vocabSize);
        requirePositive("max_position_embeddings", maxPositionEmbeddings);
        requirePositive("n_layers", nLayers);
        requirePositive("n_heads", nHeads);
        requirePositive("dim", dim);
        requirePositive("hidden_dim", hiddenDim);
        if (dim % nHeads != 0) {
            throw new InvalidModelException("dim is " + dim + ", which n_heads, " + nHeads + ", does not divide");
        }
        if (dim > MAX_WIDTH || hiddenDim > MAX_WIDTH) {
            throw new InvalidModelException(
                    "dim is " + dim + " and hidden_dim " + hiddenDim + "; at most " + MAX_WIDTH + " can be handled");
        }
    }

    private static final int MAX_WIDTH = 1 << 20;

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidModelException(name + " is " + value + "; it must be at least 1");
        }
    }
}
