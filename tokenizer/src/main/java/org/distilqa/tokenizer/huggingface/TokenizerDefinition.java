package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.definition.AddedToken;
import org.distilqa.tokenizer.definition.TokenizerConfig;
import org.distilqa.tokenizer.definition.TokenizerFiles;

/**
 * What a tokenizer does, in the format of {@code tokenizer.json} (the Hugging Face tokenizers library's own), without
 * truncation and padding: windows are formed elsewhere; and without the texts of special tokens: what a user writes is text.
 *
 * @param source the file it comes from, for messages
 * @param json the definition
 * @param vocabularySize one more than the largest token id in it
 * @param givesTokenTypes whether the network is told which tokens are the context's
 */
record TokenizerDefinition(String source, String json, int vocabularySize, boolean givesTokenTypes) {

    /**
     * Reads a model's {@code tokenizer.json}. Where {@code tokenizer_config.json} says otherwise about lower case, accents or
     * Chinese characters, or adds tokens, it wins, as in Hugging Face's Python.
     *
     * @throws InvalidModelException if a file is missing or malformed
     */
    static TokenizerDefinition read(ModelFiles files) {
        String source = files.location(TokenizerFiles.DEFINITION);
        TokenizerConfig config = TokenizerConfig.read(files);
        ObjectNode definition = TokenizerFiles.readObject(files, TokenizerFiles.DEFINITION);
        if (definition.path("normalizer") instanceof ObjectNode normalizer
                && normalizer.path("type").asText().equals("BertNormalizer")) {
            overrule(normalizer, "lowercase", config, "do_lower_case");
            overrule(normalizer, "handle_chinese_chars", config, "tokenize_chinese_chars");
            overrule(normalizer, "strip_accents", config, "strip_accents");
        }
        config.addedTokens().forEach(token -> add(definition, token));
        definition.putNull("truncation");
        definition.putNull("padding");
        definition.putNull("decoder");
        DefinitionBounds.require(source, definition);
        int vocabularySize = vocabularySize(source, definition);
        HiddenTokens.hide(definition, config.specialTokens());
        return new TokenizerDefinition(source, JsonTree.write(definition), vocabularySize, config.givesTokenTypes());
    }

    private static void overrule(ObjectNode normalizer, String name, TokenizerConfig config, String flag) {
        config.flag(flag).ifPresent(value -> normalizer.put(name, value));
    }

    /** Adds a token, after a token of the same text that is there: the library takes the later one's settings. */
    private static void add(ObjectNode definition, AddedToken token) {
        ArrayNode tokens = definition.path("added_tokens") instanceof ArrayNode present
                ? present
                : definition.putArray("added_tokens");
        tokens.addObject()
                .put("id", token.id())
                .put("content", token.content())
                .put("single_word", token.singleWord())
                .put("lstrip", token.leftStrip())
                .put("rstrip", token.rightStrip())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }

    private static int vocabularySize(String source, JsonNode definition) {
        int largest = -1;
        JsonNode vocabulary = definition.path("model").path("vocab");
        if (vocabulary.isArray()) {
            largest = vocabulary.size() - 1; // A unigram model: the place in the list is the id.
        } else {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, TokenizerFiles.tokenId(source, id));
            }
        }
        for (JsonNode token : definition.path("added_tokens")) {
            largest = Math.max(largest, TokenizerFiles.tokenId(source, token.path("id")));
        }
        if (largest < 0) {
            throw new InvalidModelException(source + ": has no vocabulary");
        }
        return largest + 1;
    }
}
