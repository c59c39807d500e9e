package org.distilqa.graph;

/** The dimensions of a network, whatever names its {@code config.json} gives them. */
public sealed interface NetworkConfig permits DistilBertConfig, BertConfig {

    /**
     * Rows of the token embedding.
     *
     * @return at least 1
     */
    int vocabSize();

    /**
     * The longest sequence.
     *
     * @return its tokens, at least 1
     */
    int maxPositionEmbeddings();

    /**
     * Transformer blocks.
     *
     * @return at least 1
     */
    int nLayers();

    /**
     * Attention heads of a block.
     *
     * @return at least 1; divides {@link #dim()}
     */
    int nHeads();

    /**
     * Columns of the hidden states.
     *
     * @return at least 1
     */
    int dim();

    /**
     * Columns between the two maps of a feed-forward network.
     *
     * @return at least 1
     */
    int hiddenDim();

    /**
     * The activation between those two.
     *
     * @return which one
     */
    Activation activation();
}
