package org.distilqa.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.BertConfig;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.NetworkConfig;
import org.distilqa.json.JsonTree;

/**
 * Reads the dimensions of a checkpoint from its {@code config.json}, as Hugging Face's transformers (5.17, {@code DistilBertConfig}
 * and {@code BertConfig}) does: a field that is absent has the default there, and a field of DistilBERT may have the name that
 * other networks have for it ({@code attribute_map}), which wins over its own.
 */
final class ConfigJson {
    /** Real files have under 2 KB; this keeps a wrong file from being read whole. */
    private static final int MAX_BYTES = 1 << 20;

    /** By the names of transformers ({@code activations.py}), which has several of one function. */
    private static final Map<String, Activation> ACTIVATIONS = Map.ofEntries(
            Map.entry("gelu", Activation.GELU),
            Map.entry("gelu_python", Activation.GELU),
            Map.entry("gelu_new", Activation.GELU_TANH),
            Map.entry("gelu_fast", Activation.GELU_TANH),
            Map.entry("gelu_accurate", Activation.GELU_TANH),
            Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
            Map.entry("gelu_python_tanh", Activation.GELU_TANH),
            Map.entry("relu", Activation.RELU),
            Map.entry("silu", Activation.SILU),
            Map.entry("swish", Activation.SILU));

    /** Where the file is, for messages. */
    private final String location;

    private final JsonNode root;

    private ConfigJson(String location, JsonNode root) {
        this.location = location;
        this.root = root;
    }

    /**
     * Reads the file of a model.
     *
     * @throws InvalidModelException if it is missing or malformed, has a field that makes no sense, or is of another kind of model
     */
    static NetworkConfig read(ModelFiles files) {
        String location = files.location(Checkpoint.CONFIG);
        ConfigJson config = new ConfigJson(location, readTree(location, files.read(Checkpoint.CONFIG, MAX_BYTES)));
        return config.network();
    }

    private static JsonNode readTree(String location, byte[] json) {
        try {
            JsonNode root = JsonTree.read(json);
            if (!root.isObject()) {
                throw new InvalidModelException(location + ": is not a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(location + ": is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private NetworkConfig network() {
        JsonNode modelType = root.path("model_type");
        return switch (modelType.asText()) {
            case "distilbert" -> distilBert();
            case "bert" -> bert();
            default ->
                throw modelType.isMissingNode()
                        ? invalid("the field model_type is missing")
                        : invalid("model_type is " + modelType + "; only \"distilbert\" and \"bert\" can be run");
        };
    }

    private DistilBertConfig distilBert() {
        DistilBertConfig.Builder config = DistilBertConfig.builder();
        integer(config::vocabSize, "vocab_size");
        integer(config::maxPositionEmbeddings, "max_position_embeddings");
        integer(config::nLayers, "num_hidden_layers", "n_layers");
        integer(config::nHeads, "num_attention_heads", "n_heads");
        integer(config::dim, "hidden_size", "dim");
        integer(config::hiddenDim, "hidden_dim");
        activation(config::activation, "activation");
        return checked(config::build);
    }

    private BertConfig bert() {
        requireEncoderWithAbsolutePositions();
        BertConfig.Builder config = BertConfig.builder();
        integer(config::vocabSize, "vocab_size");
        integer(config::maxPositionEmbeddings, "max_position_embeddings");
        integer(config::typeVocabSize, "type_vocab_size");
        integer(config::numHiddenLayers, "num_hidden_layers");
        integer(config::numAttentionHeads, "num_attention_heads");
        integer(config::hiddenSize, "hidden_size");
        integer(config::intermediateSize, "intermediate_size");
        activation(config::hiddenAct, "hidden_act");
        number(config::layerNormEps, "layer_norm_eps");
        return checked(config::build);
    }

    /** Other kinds of BERT have the same tensors and more, and would be run as what they are not. */
    private void requireEncoderWithAbsolutePositions() {
        JsonNode positions = root.path("position_embedding_type");
        if (!positions.isMissingNode() && !positions.asText().equals("absolute")) {
            throw invalid("position_embedding_type is " + positions + "; only \"absolute\" can be run");
        }
        if (root.path("is_decoder").asBoolean()) {
            throw invalid("is_decoder is true; only encoders answer questions");
        }
    }

    /** Adds the file's place to what a builder complains of. */
    private <T> T checked(Supplier<T> config) {
        try {
            return config.get();
        } catch (InvalidModelException e) {
            throw new InvalidModelException(location + ": " + e.getMessage(), e);
        }
    }

    /** Sets the first of the fields that is there. */
    private void integer(IntConsumer config, String... names) {
        for (String name : names) {
            JsonNode value = root.path(name);
            if (value.isIntegralNumber() && value.canConvertToInt()) {
                config.accept(value.intValue());
                return;
            }
            if (!value.isMissingNode()) {
                throw invalid(name + " is " + value + "; it must be a whole number");
            }
        }
    }

    private void number(DoubleConsumer config, String name) {
        JsonNode value = root.path(name);
        if (value.isNumber()) {
            config.accept(value.doubleValue());
        } else if (!value.isMissingNode()) {
            throw invalid(name + " is " + value + "; it must be a number");
        }
    }

    private void activation(Consumer<Activation> config, String name) {
        JsonNode value = root.path(name);
        if (value.isMissingNode()) {
            return;
        }
        Activation activation = ACTIVATIONS.get(value.asText());
        if (activation == null) {
            throw invalid(name + " is " + value + "; what can be run is "
                    + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
        }
        config.accept(activation);
    }

    private InvalidModelException invalid(String reason) {
        return new InvalidModelException(location + ": " + reason);
    }
}
