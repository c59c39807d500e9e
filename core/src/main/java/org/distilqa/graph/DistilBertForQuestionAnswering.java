package org.distilqa.graph;

import java.util.List;

/**
 * DistilBERT (Sanh, Debut, Chaumond and Wolf, 2019, "DistilBERT, a distilled version of BERT") with a head for extractive
 * question answering: embeddings, {@code n_layers} transformer blocks, and a start and an end logit for each token. BERT
 * without token types and pooler. Parameters have the names of Hugging Face's {@code DistilBertForQuestionAnswering}.
 */
public final class DistilBertForQuestionAnswering {
    private static final double LAYER_NORM_EPSILON = 1e-12;

    private final DistilBertConfig config;
    private final GraphBuilder graph;

    private DistilBertForQuestionAnswering(DistilBertConfig config, Parameters parameters) {
        this.config = config;
        this.graph = new GraphBuilder(parameters);
    }

    /**
     * The network of a checkpoint.
     *
     * @param config its dimensions
     * @param parameters its tensors; only names and shapes are looked at
     * @return the graph
     * @throws org.distilqa.InvalidModelException if a tensor is missing or has another shape than the dimensions ask for
     */
    public static Graph graph(DistilBertConfig config, Parameters parameters) {
        return graph(config, parameters, "distilbert.", "");
    }

    /**
     * The network of a checkpoint whose tensors have other names.
     *
     * @param config its dimensions
     * @param parameters its tensors; only names and shapes are looked at
     * @param encoder what the names of the encoder's tensors begin with, {@code distilbert.} in Hugging Face's checkpoints
     * @param head what the names of the head's tensors begin with, nothing in Hugging Face's checkpoints
     * @return the graph
     * @throws org.distilqa.InvalidModelException if a tensor is missing or has another shape than the dimensions ask for
     */
    public static Graph graph(DistilBertConfig config, Parameters parameters, String encoder, String head) {
        return new DistilBertForQuestionAnswering(config, parameters).build(encoder, head);
    }

    private Graph build(String encoder, String head) {
        Node hidden = embeddings(encoder + "embeddings");
        for (int layer = 0; layer < config.nLayers(); layer++) {
            hidden = transformerBlock(encoder + "transformer.layer." + layer, hidden);
        }
        graph.linear(List.of(head + "qa_outputs"), 2, Activation.NONE, hidden);
        return graph.build();
    }

    private Node embeddings(String prefix) {
        Node sum = graph.embeddings(
                prefix + ".word_embeddings",
                config.vocabSize(),
                prefix + ".position_embeddings",
                config.maxPositionEmbeddings(),
                config.dim());
        return graph.layerNorm(prefix + ".LayerNorm", LAYER_NORM_EPSILON, sum);
    }

    private Node transformerBlock(String prefix, Node hidden) {
        Node attention = attention(prefix + ".attention", hidden);
        Node attended = graph.layerNorm(prefix + ".sa_layer_norm", LAYER_NORM_EPSILON, attention, hidden);
        Node feedForward = feedForward(prefix + ".ffn", attended);
        return graph.layerNorm(prefix + ".output_layer_norm", LAYER_NORM_EPSILON, feedForward, attended);
    }

    private Node attention(String prefix, Node hidden) {
        List<String> maps = List.of(prefix + ".q_lin", prefix + ".k_lin", prefix + ".v_lin");
        Node queryKeyValue = graph.linear(maps, config.dim(), Activation.NONE, hidden);
        Node context = graph.selfAttention(config.nHeads(), queryKeyValue);
        return graph.linear(List.of(prefix + ".out_lin"), config.dim(), Activation.NONE, context);
    }

    private Node feedForward(String prefix, Node attended) {
        Node inner = graph.linear(List.of(prefix + ".lin1"), config.hiddenDim(), config.activation(), attended);
        return graph.linear(List.of(prefix + ".lin2"), config.dim(), Activation.NONE, inner);
    }
}
