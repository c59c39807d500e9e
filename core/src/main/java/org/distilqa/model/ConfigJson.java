package org.distilqa.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.DistilBertConfig;

/** Reads the dimensions of a DistilBERT checkpoint from its {@code config.json}. */
final class ConfigJson {
    /** Real files have under 2 KB; this keeps a wrong file from being read whole. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path path;
    private final JsonNode root;

    private ConfigJson(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @throws InvalidModelException if it is missing or malformed, lacks a field, or is of another kind of model
     */
    static DistilBertConfig read(Path path) {
        ConfigJson config = new ConfigJson(path, readTree(path));
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
            throw new InvalidModelException(path + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode readTree(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new InvalidModelException(path + ": has " + Files.size(path) + " bytes; a config.json is small");
            }
            JsonNode root = JsonTree.read(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new InvalidModelException(path + ": is not a JSON object");
            }
            return root;
        } catch (NoSuchFileException e) {
            throw new InvalidModelException(path + ": there is no such file", e);
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(path + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InvalidModelException(path + ": cannot be read: " + e, e);
        }
    }

    private void requireDistilBert() {
        JsonNode modelType = field("model_type");
        if (!modelType.asText().equals("distilbert")) {
            throw new InvalidModelException(path + ": model_type is " + modelType + "; only \"distilbert\" can be run");
        }
    }

    private int integer(String name) {
        JsonNode value = field(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new InvalidModelException(path + ": " + name + " is " + value + "; it must be a whole number");
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
                        path + ": activation is " + value + "; \"gelu\" and \"relu\" can be run");
        };
    }

    private JsonNode field(String name) {
        JsonNode value = root.get(name);
        if (value == null || value.isNull()) {
            throw new InvalidModelException(path + ": the field " + name + " is missing");
        }
        return value;
    }
}
