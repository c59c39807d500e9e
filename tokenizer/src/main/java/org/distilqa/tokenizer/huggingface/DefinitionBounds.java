package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.tokenizer.definition.TokenBounds;

/**
 * What a {@code tokenizer.json} may ask the native library for. It takes a few characters of JSON to make a text a million times
 * longer, and where native memory ends, so does the process.
 */
final class DefinitionBounds {
    /** A text must not become more than so many times longer; real normalizers make it two or three times longer at the most. */
    private static final int MAX_GROWTH = 64;

    /** Of a pattern, a replacement, a prefix: real ones have some hundred characters. */
    private static final int MAX_STRING = 4_000;

    /** What a compiled normalizer makes of one character, in bytes of UTF-8; SentencePiece's own have 33. */
    private static final int MAX_REPLACEMENT = 256;

    /** WordPiece's time grows with the third power of it. */
    private static final int MAX_CHARACTERS_PER_WORD = 1_000;

    private static final String COMPILED = "precompiled_charsmap";

    private final String source;

    private DefinitionBounds(String source) {
        this.source = source;
    }

    /**
     * Checks a definition.
     *
     * @throws InvalidModelException if it is beyond a bound
     */
    static void require(String source, JsonNode definition) {
        DefinitionBounds bounds = new DefinitionBounds(source);
        JsonNode model = definition.path("model");
        bounds.requireTokens(definition.path("added_tokens"), model.path("vocab"));
        for (String part : new String[] {"normalizer", "pre_tokenizer", "post_processor"}) {
            bounds.requireShortStrings(part, definition.path(part));
        }
        for (Map.Entry<String, JsonNode> entry : JsonTree.fields(model)) {
            if (!entry.getKey().equals("vocab")) {
                bounds.requireShortStrings("model", entry.getValue());
            }
        }
        double growth = bounds.growth(definition.path("normalizer"));
        if (growth > MAX_GROWTH) {
            throw bounds.refused(String.format(
                    Locale.ROOT,
                    "the normalizer can make a text %.0f times longer; at most %d times are allowed",
                    growth,
                    MAX_GROWTH));
        }
        bounds.requireTextOnce(definition.path("post_processor"));
        bounds.requireShortWords(model);
    }

    private InvalidModelException refused(String reason) {
        return new InvalidModelException(source + ": " + reason);
    }

    private void requireTokens(JsonNode added, JsonNode vocabulary) {
        TokenBounds addedTokens = TokenBounds.ofAddedTokens(source);
        added.forEach(token -> addedTokens.add(token.path("content").asText()));
        TokenBounds tokens = TokenBounds.ofVocabulary(source);
        vocabulary.fieldNames().forEachRemaining(tokens::add);
        if (vocabulary.isArray()) {
            vocabulary.forEach(piece -> tokens.add(piece.path(0).asText()));
        }
    }

    private void requireShortStrings(String part, JsonNode node) {
        if (node.isTextual() && node.textValue().length() > MAX_STRING) {
            throw refused("the " + part + " has a string of " + node.textValue().length() + " characters; at most "
                    + MAX_STRING + " are allowed");
        }
        if (node.isArray()) {
            node.forEach(element -> requireShortStrings(part, element));
        }
        for (Map.Entry<String, JsonNode> field : JsonTree.fields(node)) {
            if (field.getKey().equals(COMPILED)) {
                requireShortReplacements(field.getValue().asText());
            } else {
                if (field.getKey().equals("Regex")) {
                    requireBoundedExpression(part, field.getValue().asText());
                }
                requireShortStrings(part, field.getValue());
            }
        }
    }

    private void requireBoundedExpression(String part, String expression) {
        RegularExpressionBounds.refusal(expression).ifPresent(reason -> {
            throw refused("the " + part + " has the regular expression " + expression + ", which " + reason
                    + "; it could end the whole process");
        });
    }

    /**
     * SentencePiece's compiled normalizer: the size of a trie in four bytes, the least first, the trie, and the replacements, each
     * of which ends with a byte of zero.
     */
    private void requireShortReplacements(String encoded) {
        byte[] compiled;
        try {
            compiled = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(source + ": the normalizer's " + COMPILED + " is not in Base64", e);
        }
        long trie = 0;
        for (int i = 0; i < Math.min(Integer.BYTES, compiled.length); i++) {
            trie |= (compiled[i] & 0xFFL) << Byte.SIZE * i;
        }
        int length = 0;
        for (long i = Integer.BYTES + trie; i < compiled.length; i++) {
            length = compiled[(int) i] == 0 ? 0 : length + 1;
            if (length > MAX_REPLACEMENT) {
                throw refused("the normalizer has a replacement of more than " + MAX_REPLACEMENT + " bytes");
            }
        }
    }

    /** How many times longer replacements make a text that consists of what they replace. */
    private double growth(JsonNode normalizer) {
        double growth = 1;
        for (JsonNode part : normalizer.path("normalizers")) {
            growth *= growth(part);
        }
        if (normalizer.path("type").asText().equals("Prepend")) {
            // Each part between added tokens gets it, which may be a character.
            growth *= 1 + normalizer.path("prepend").asText().length();
        }
        if (normalizer.path("type").asText().equals("Replace")) {
            JsonNode pattern = normalizer.path("pattern");
            String string = pattern.isTextual()
                    ? pattern.textValue()
                    : pattern.path("String").asText();
            int content = normalizer.path("content").asText().length();
            // A regular expression can match nothing at all, between any two characters.
            growth *= string.isEmpty() ? content + 1.0 : Math.max(1.0, (double) content / string.length());
        }
        return growth;
    }

    /** A template can have the text in it more than once. */
    private void requireTextOnce(JsonNode postProcessor) {
        postProcessor.path("processors").forEach(this::requireTextOnce);
        int texts = 0;
        for (JsonNode piece : postProcessor.path("single")) {
            texts += piece.has("Sequence") ? 1 : 0;
        }
        if (texts > 1) {
            throw refused("the post_processor puts a text " + texts + " times; once is allowed");
        }
    }

    private void requireShortWords(JsonNode model) {
        JsonNode most = model.path("max_input_chars_per_word");
        if (most.isNumber() && most.doubleValue() > MAX_CHARACTERS_PER_WORD) {
            throw refused(
                    "max_input_chars_per_word is " + most + "; at most " + MAX_CHARACTERS_PER_WORD + " is allowed");
        }
    }
}
