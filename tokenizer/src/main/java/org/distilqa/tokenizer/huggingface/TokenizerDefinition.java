package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.InvalidModelException;
import org.distilqa.model.JsonTree;

/**
 * What a tokenizer does, in the format of {@code tokenizer.json} (the Hugging Face tokenizers library's own), without
 * truncation and padding: windows are formed elsewhere.
 *
 * @param source the file it comes from, for messages
 * @param json the definition
 * @param vocabularySize one more than the largest token id in it
 */
record TokenizerDefinition(Path source, String json, int vocabularySize) {
    /** Real files have a few megabytes; this keeps a wrong file from being read whole. */
    private static final long MAX_BYTES = 256 << 20;

    /**
     * Reads a checkpoint's {@code tokenizer.json}, or makes one from its {@code vocab.txt}. Where
     * {@code tokenizer_config.json} says otherwise about lower case, accents or Chinese characters, it wins, as in Hugging
     * Face's Python.
     *
     * @throws InvalidModelException if a file is missing or malformed
     */
    static TokenizerDefinition read(Path checkpoint) {
        Path configFile = checkpoint.resolve("tokenizer_config.json");
        JsonNode config = Files.exists(configFile) ? readObject(configFile) : JsonNodeFactory.instance.objectNode();
        Path definitionFile = checkpoint.resolve("tokenizer.json");
        if (Files.exists(definitionFile)) {
            return of(definitionFile, withConfig(readObject(definitionFile), config));
        }
        Path vocabularyFile = checkpoint.resolve("vocab.txt");
        return of(vocabularyFile, bert(vocabularyFile, config));
    }

    private static TokenizerDefinition of(Path source, ObjectNode definition) {
        definition.putNull("truncation");
        definition.putNull("padding");
        return new TokenizerDefinition(source, JsonTree.write(definition), vocabularySize(source, definition));
    }

    private static ObjectNode withConfig(ObjectNode definition, JsonNode config) {
        if (definition.path("normalizer") instanceof ObjectNode normalizer
                && normalizer.path("type").asText().equals("BertNormalizer")) {
            overrule(normalizer, "lowercase", config.path("do_lower_case"));
            overrule(normalizer, "handle_chinese_chars", config.path("tokenize_chinese_chars"));
            overrule(normalizer, "strip_accents", config.path("strip_accents"));
        }
        return definition;
    }

    private static void overrule(ObjectNode normalizer, String name, JsonNode value) {
        if (value.isBoolean()) {
            normalizer.set(name, value);
        }
    }

    /** BERT's tokenizer (Devlin et al., 2018) for a vocabulary of one token a line, the line's number being the id. */
    private static ObjectNode bert(Path vocabularyFile, JsonNode config) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("version", "1.0");
        ObjectNode vocabulary = vocabulary(vocabularyFile);

        String unknown = token(config, "unk_token", "[UNK]");
        String separator = token(config, "sep_token", "[SEP]");
        String padding = token(config, "pad_token", "[PAD]");
        String classification = token(config, "cls_token", "[CLS]");
        String mask = token(config, "mask_token", "[MASK]");
        for (String special : List.of(unknown, separator, classification)) {
            if (!vocabulary.has(special)) {
                throw new InvalidModelException(vocabularyFile + ": has no token " + special);
            }
        }
        for (String special : List.of(padding, unknown, classification, separator, mask)) {
            if (vocabulary.has(special)) {
                definition
                        .withArray("added_tokens")
                        .addObject()
                        .put("id", vocabulary.get(special).intValue())
                        .put("content", special)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
        }

        ObjectNode normalizer = definition.putObject("normalizer");
        normalizer
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put(
                        "handle_chinese_chars",
                        config.path("tokenize_chinese_chars").asBoolean(true))
                .put("lowercase", config.path("do_lower_case").asBoolean(true));
        normalizer.set("strip_accents", config.path("strip_accents").isBoolean() ? config.get("strip_accents") : null);

        definition.putObject("pre_tokenizer").put("type", "BertPreTokenizer");

        ObjectNode postProcessor = definition.putObject("post_processor").put("type", "BertProcessing");
        postProcessor.putArray("sep").add(separator).add(vocabulary.get(separator));
        postProcessor.putArray("cls").add(classification).add(vocabulary.get(classification));

        definition
                .putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", unknown)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100)
                .set("vocab", vocabulary);
        return definition;
    }

    private static ObjectNode vocabulary(Path file) {
        ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
        try {
            requireReadable(file);
            List<String> lines = Files.readAllLines(file);
            for (int id = 0; id < lines.size(); id++) {
                vocabulary.put(lines.get(id), id);
            }
            return vocabulary;
        } catch (CharacterCodingException e) {
            throw new InvalidModelException(file + ": is not text in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** A special token is given as a text, or as an object with its text as "content". */
    private static String token(JsonNode config, String name, String defaultValue) {
        JsonNode value = config.path(name);
        return value.isObject() ? value.path("content").asText(defaultValue) : value.asText(defaultValue);
    }

    private static int vocabularySize(Path source, JsonNode definition) {
        int largest = -1;
        JsonNode vocabulary = definition.path("model").path("vocab");
        if (vocabulary.isArray()) {
            largest = vocabulary.size() - 1; // A unigram model: the place in the list is the id.
        } else {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, requireId(source, id));
            }
        }
        for (JsonNode token : definition.path("added_tokens")) {
            largest = Math.max(largest, requireId(source, token.path("id")));
        }
        if (largest < 0) {
            throw new InvalidModelException(source + ": has no vocabulary");
        }
        return largest + 1;
    }

    private static int requireId(Path source, JsonNode id) {
        if (!id.isIntegralNumber()
                || !id.canConvertToInt()
                || id.intValue() < 0
                || id.intValue() == Integer.MAX_VALUE) {
            throw new InvalidModelException(
                    source + ": has the token id " + id + "; it must be from 0 to " + (Integer.MAX_VALUE - 1));
        }
        return id.intValue();
    }

    private static ObjectNode readObject(Path file) {
        try {
            requireReadable(file);
            if (JsonTree.read(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidModelException(file + ": is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(file + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void requireReadable(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidModelException(
                    file + ": has " + Files.size(file) + " bytes; a tokenizer's file has at most " + MAX_BYTES);
        }
    }

    private static InvalidModelException unreadable(Path file, IOException e) {
        String reason = e instanceof NoSuchFileException ? "there is no such file" : "cannot be read: " + e;
        return new InvalidModelException(file + ": " + reason, e);
    }
}
