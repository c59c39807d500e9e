package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.distilqa.InvalidModelException;
import org.distilqa.model.JsonTree;
import org.distilqa.model.ModelFiles;

/**
 * What a tokenizer does, in the format of {@code tokenizer.json} (the Hugging Face tokenizers library's own), without
 * truncation and padding: windows are formed elsewhere.
 *
 * @param source the file it comes from, for messages
 * @param json the definition
 * @param vocabularySize one more than the largest token id in it
 */
record TokenizerDefinition(String source, String json, int vocabularySize) {
    static final String DEFINITION = "tokenizer.json";
    static final String VOCABULARY = "vocab.txt";
    private static final String CONFIG = "tokenizer_config.json";

    /** Real files have a few megabytes; this keeps a wrong file from being read whole. */
    private static final int MAX_BYTES = 256 << 20;

    /**
     * Reads a model's {@code tokenizer.json}, or makes one from its {@code vocab.txt}. Where
     * {@code tokenizer_config.json} says otherwise about lower case, accents or Chinese characters, it wins, as in Hugging
     * Face's Python.
     *
     * @throws InvalidModelException if a file is missing or malformed
     */
    static TokenizerDefinition read(ModelFiles files) {
        JsonNode config = files.has(CONFIG) ? readObject(files, CONFIG) : JsonNodeFactory.instance.objectNode();
        if (files.has(DEFINITION)) {
            return of(files.location(DEFINITION), withConfig(readObject(files, DEFINITION), config));
        }
        String source = files.location(VOCABULARY);
        return of(source, bert(source, vocabulary(source, files.read(VOCABULARY, MAX_BYTES)), config));
    }

    private static TokenizerDefinition of(String source, ObjectNode definition) {
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
    private static ObjectNode bert(String source, ObjectNode vocabulary, JsonNode config) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("version", "1.0");

        String unknown = token(config, "unk_token", "[UNK]");
        String separator = token(config, "sep_token", "[SEP]");
        String padding = token(config, "pad_token", "[PAD]");
        String classification = token(config, "cls_token", "[CLS]");
        String mask = token(config, "mask_token", "[MASK]");
        for (String special : List.of(unknown, separator, classification)) {
            if (!vocabulary.has(special)) {
                throw new InvalidModelException(source + ": has no token " + special);
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

    private static ObjectNode vocabulary(String source, byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidModelException(source + ": is not text in UTF-8", e);
        }
        ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
        List<String> lines = text.lines().toList();
        for (int id = 0; id < lines.size(); id++) {
            vocabulary.put(lines.get(id), id);
        }
        return vocabulary;
    }

    /** A special token is given as a text, or as an object with its text as "content". */
    private static String token(JsonNode config, String name, String defaultValue) {
        JsonNode value = config.path(name);
        return value.isObject() ? value.path("content").asText(defaultValue) : value.asText(defaultValue);
    }

    private static int vocabularySize(String source, JsonNode definition) {
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

    private static int requireId(String source, JsonNode id) {
        if (!id.isIntegralNumber()
                || !id.canConvertToInt()
                || id.intValue() < 0
                || id.intValue() == Integer.MAX_VALUE) {
            throw new InvalidModelException(
                    source + ": has the token id " + id + "; it must be from 0 to " + (Integer.MAX_VALUE - 1));
        }
        return id.intValue();
    }

    private static ObjectNode readObject(ModelFiles files, String file) {
        try {
            if (JsonTree.read(files.read(file, MAX_BYTES)) instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidModelException(files.location(file) + ": is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(files.location(file) + ": is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
