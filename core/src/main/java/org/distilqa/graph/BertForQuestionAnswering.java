package org.distilqa.graph;

import java.util.List;

/**
 * BERT (Devlin, Chang, Lee and Toutanova, 2018, "BERT: Pre-training of Deep Bidirectional Transformers for Language
 * Understanding") with a head for extractive question answering: embeddings of tokens, positions and token types,
 * {@code num_hidden_layers} transformer blocks, and a start and an end logit for each token. Parameters have the names of
 * Hugging Face's {@code BertForQuestionAnswering}; its pooler, which that task does not use, is left out.
 */
public final class BertForQuestionAnswering {
    private final BertConfig config;
    private final GraphBuilder graph;

    private BertForQuestionAnswering(BertConfig config, Parameters parameters) {
        this.config = config;
        this.graph = new GraphBuilder(parameters);
    }

    /**
     * The network of a checkpoint.
     *
     * @param config its dimensions
     * @param parameters its tensors; only names and shapes are looked at
     * @param encoder what the names of the encoder's tensors begin with, {@code bert.} in Hugging Face's checkpoints
     * @param head what the names of the head's tensors begin with, nothing in Hugging Face's checkpoints
     * @return the graph
     * @throws org.distilqa.InvalidModelException if a tensor is missing or has another shape than the dimensions ask for
     */
    public static Graph graph(BertConfig config, Parameters parameters, String encoder, String head) {
        return new BertForQuestionAnswering(config, parameters).build(encoder, head);
    }

    private Graph build(String encoder, String head) {
        Node hidden = embeddings(encoder + "embeddings");
        for (int layer = 0; layer < config.nLayers(); layer++) {
            hidden = transformerBlock(encoder + "encoder.layer." + layer, hidden);
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
                prefix + ".token_type_embeddings",
                config.typeVocabSize(),
                config.dim());
        return graph.layerNorm(prefix + ".LayerNorm", config.layerNormEps(), sum);
    }

    private Node transformerBlock(String prefix, Node hidden) {
        Node attention = attention(prefix + ".attention", hidden);
        Node attended =
                graph.layerNorm(prefix + ".attention.output.LayerNorm", config.layerNormEps(), attention, hidden);
        Node feedForward = feedForward(prefix, attended);
        return graph.layerNorm(prefix + ".output.LayerNorm", config.layerNormEps(), feedForward, attended);
    }

    private Node attention(String prefix, Node hidden) {
        List<String> maps = List.of(prefix + ".self.query", prefix + ".self.key", prefix + ".self.value");
        Node queryKeyValue = graph.linear(maps, config.dim(), Activation.NONE, hidden);
        Node context = graph.selfAttention(config.nHeads(), queryKeyValue);
        return graph.linear(List.of(prefix + ".output.dense"), config.dim(), Activation.NONE, context);
    }

    private Node feedForward(String prefix, Node attended) {
        Node inner = graph.linear(
                List.of(prefix + ".intermediate.dense"), config.hiddenDim(), config.activation(), attended);
        return graph.linear(List.of(prefix + ".output.dense"), config.dim(), Activation.NONE, inner);
    }
}
