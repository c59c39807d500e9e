package org.distilqa.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.json.JsonTree;

/** Reads the dimensions of a DistilBERT checkpoint from its {@code config.json}. */
final class ConfigJson {
    /** Real files have under 2 KB; this keeps a wrong file from being read whole. */
    private static final int MAX_BYTES = 1 << 20;

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
     * @throws InvalidModelException if it is missing or malformed, lacks a field, or is of another kind of model
     */
    static DistilBertConfig read(ModelFiles files) {
        String location = files.location(Checkpoint.CONFIG);
        ConfigJson config = new ConfigJson(location, readTree(location, files.read(Checkpoint.CONFIG, MAX_BYTES)));
        config.requireDistilBert();
        int vocabSize = config.integer("vocab_size");
        int maxPositionEmbeddings = config.integer("max_position_embeddings");
        int nLayers = config.integer("n_layers");
        int nHeads = config.integer("n_heads");
        int dim = config.integer("dim");
        int hiddenDim = config.integer("hidden_dim");
        Activation activation = config.activation();
        try {
            return new DistilBertConfig(vocabSize, maxPositionEmbeddings, nLayers, nHeads, dim, hiddenDim, activation);
        } catch (InvalidModelException e) {
            throw new InvalidModelException(location + ": " + e.getMessage(), e);
        }
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

    private void requireDistilBert() {
        JsonNode modelType = field("model_type");
        if (!modelType.asText().equals("distilbert")) {
            throw new InvalidModelException(
                    location + ": model_type is " + modelType + "; only \"distilbert\" can be run");
        }
    }

    private int integer(String name) {
        JsonNode value = field(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new InvalidModelException(location + ": " + name + " is " + value + "; it must be a whole number");
        }
        return value.intValue();
    }

    private Activation activation() {
        JsonNode value = field("activation");
        return switch (value.asText()) {
            case "gelu" -> Activation.GELU;
            case "relu" -> Activation.RELU;
            default ->
                throw new InvalidModelException(
                        location + ": activation is " + value + "; \"gelu\" and \"relu\" can be run");
        };
    }

    private JsonNode field(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            throw new InvalidModelException(location + ": the field " + name + " is missing");
        }
        return value;
    }
}
