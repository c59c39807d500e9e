package org.distilqa.graph;

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
        Activation activation)
        implements NetworkConfig {

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
     * @throws org.distilqa.InvalidModelException if not
     */
    public DistilBertConfig {
        Dimensions.requirePositive("vocab_size", vocabSize);
        Dimensions.requirePositive("max_position_embeddings", maxPositionEmbeddings);
        Dimensions.requirePositive("n_layers", nLayers);
        Dimensions.requireWidth("dim", dim);
        Dimensions.requireWidth("hidden_dim", hiddenDim);
        Dimensions.requireDivides("n_heads", nHeads, "dim", dim);
    }
}
