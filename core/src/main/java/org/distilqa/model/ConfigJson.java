package org.distilqa.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
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
        int vocabSize = integer(30522, "vocab_size");
        int maxPositionEmbeddings = integer(512, "max_position_embeddings");
        int nLayers = integer(6, "num_hidden_layers", "n_layers");
        int nHeads = integer(12, "num_attention_heads", "n_heads");
        int dim = integer(768, "hidden_size", "dim");
        int hiddenDim = integer(3072, "hidden_dim");
        Activation activation = activation("activation");
        return checked(() ->
                new DistilBertConfig(vocabSize, maxPositionEmbeddings, nLayers, nHeads, dim, hiddenDim, activation));
    }

    private BertConfig bert() {
        requireEncoderWithAbsolutePositions();
        int vocabSize = integer(30522, "vocab_size");
        int maxPositionEmbeddings = integer(512, "max_position_embeddings");
        int typeVocabSize = integer(2, "type_vocab_size");
        int layers = integer(12, "num_hidden_layers");
        int heads = integer(12, "num_attention_heads");
        int hiddenSize = integer(768, "hidden_size");
        int intermediateSize = integer(3072, "intermediate_size");
        Activation hiddenAct = activation("hidden_act");
        double layerNormEps = number(1e-12, "layer_norm_eps");
        return checked(() -> new BertConfig(
                vocabSize,
                maxPositionEmbeddings,
                typeVocabSize,
                layers,
                heads,
                hiddenSize,
                intermediateSize,
                hiddenAct,
                layerNormEps));
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

    /** Adds the file's place to what a record's constructor complains of. */
    private <T> T checked(Supplier<T> config) {
        try {
            return config.get();
        } catch (InvalidModelException e) {
            throw new InvalidModelException(location + ": " + e.getMessage(), e);
        }
    }

    /** The first of the fields that is there. */
    private int integer(int absent, String... names) {
        for (String name : names) {
            JsonNode value = root.path(name);
            if (value.isIntegralNumber() && value.canConvertToInt()) {
                return value.intValue();
            }
            if (!value.isMissingNode()) {
                throw invalid(name + " is " + value + "; it must be a whole number");
            }
        }
        return absent;
    }

    private double number(double absent, String name) {
        JsonNode value = root.path(name);
        if (!value.isMissingNode() && !value.isNumber()) {
            throw invalid(name + " is " + value + "; it must be a number");
        }
        return value.asDouble(absent);
    }

    private Activation activation(String name) {
        JsonNode value = root.path(name);
        if (value.isMissingNode()) {
            return Activation.GELU;
        }
        Activation activation = ACTIVATIONS.get(value.asText());
        if (activation == null) {
            throw invalid(name + " is " + value + "; what can be run is "
                    + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
        }
        return activation;
    }

    private InvalidModelException invalid(String reason) {
        return new InvalidModelException(location + ": " + reason);
    }
}
