package org.distilqa.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.definition.AddedToken;
import org.distilqa.tokenizer.definition.TokenBounds;
import org.distilqa.tokenizer.definition.TokenizerConfig;
import org.distilqa.tokenizer.definition.TokenizerFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tokenizer of BERT's kind does.
 *
 * @param source the file that it comes from, for messages
 * @param vocabulary the pieces, without special tokens; those that continue a word begin with {@code continuingPrefix}
 * @param normalizer what is done with a text before it is split
 * @param continuingPrefix {@code ##} as a rule
 * @param maxCharactersPerWord a longer word is unknown
 * @param unknownToken the id of the token for words that are not all in the vocabulary; {@link WordPieces#NONE} if there is none
 * @param addedTokens tokens that are looked for before words are
 * @param classToken the id of {@code [CLS]}
 * @param separatorToken the id of {@code [SEP]}
 * @param vocabularySize one more than the largest id
 * @param givesTokenTypes whether the network is told which tokens are the context's
 */
record BertTokenizerDefinition(
        String source,
        WordPieces vocabulary,
        BertNormalizer normalizer,
        String continuingPrefix,
        int maxCharactersPerWord,
        int unknownToken,
        List<AddedToken> addedTokens,
        int classToken,
        int separatorToken,
        int vocabularySize,
        boolean givesTokenTypes) {
    private static final Logger LOG = LoggerFactory.getLogger(BertTokenizerDefinition.class);

    private static final String CONTINUING_PREFIX = "##";
    private static final int MAX_CHARACTERS_PER_WORD = 100;

    /**
     * Reads a model's {@code tokenizer.json}, or its {@code vocab.txt}. Where {@code tokenizer_config.json} says otherwise
     * about lower case, accents or Chinese characters, it wins, as in Hugging Face's Python.
     *
     * @return the definition; empty if there is no such file, or its tokenizer is of another kind
     * @throws InvalidModelException if a file is malformed
     */
    static Optional<BertTokenizerDefinition> read(ModelFiles files) {
        if (files.has(TokenizerFiles.DEFINITION)) {
            ObjectNode json = TokenizerFiles.readObject(files, TokenizerFiles.DEFINITION);
            return isBert(json)
                    ? Optional.of(new Reader(files, TokenizerFiles.DEFINITION).definition(json))
                    : Optional.empty();
        }
        return files.has(TokenizerFiles.VOCABULARY)
                ? Optional.of(new Reader(files, TokenizerFiles.VOCABULARY)
                        .vocabulary(TokenizerFiles.readLines(files, TokenizerFiles.VOCABULARY)))
                : Optional.empty();
    }

    private static boolean isBert(JsonNode json) {
        return json.path("normalizer").path("type").asText().equals("BertNormalizer")
                && json.path("pre_tokenizer").path("type").asText().equals("BertPreTokenizer")
                && isWordPiece(json.path("model"))
                && json.path("version").asText("1.0").equals("1.0");
    }

    /** The first files of this format did not name the model's type. */
    private static boolean isWordPiece(JsonNode model) {
        return model.has("type")
                ? model.path("type").asText().equals("WordPiece")
                : model.has("continuing_subword_prefix") && model.has("max_input_chars_per_word");
    }

    /** A definition in the making. */
    private static final class Reader {
        private final String source;
        private final TokenizerConfig config;
        private final TokenBounds vocabularyBounds;
        private final TokenBounds addedTokenBounds;

        /** By their contents; the last of one content counts. */
        private final Map<String, AddedToken> addedTokens = new LinkedHashMap<>();

        /** What is called special anywhere is special. */
        private final Set<String> special;

        private WordPieces vocabulary;
        private int largestId = -1;

        Reader(ModelFiles files, String file) {
            source = files.location(file);
            vocabularyBounds = TokenBounds.ofVocabulary(source);
            addedTokenBounds = TokenBounds.ofAddedTokens(source);
            config = TokenizerConfig.read(files);
            special = config.specialTokens();
        }

        BertTokenizerDefinition vocabulary(List<String> lines) {
            vocabulary = new WordPieces(lines.size());
            for (int id = 0; id < lines.size(); id++) {
                put(lines.get(id), id);
            }
            requireVocabulary();
            for (AddedToken token : config.addedTokens()) {
                int known = vocabulary.id(token.content());
                add(known == WordPieces.NONE ? token : token.withId(known));
            }
            BertNormalizer normalizer = normalizer(true, true, true, Optional.empty());
            return finish(
                    normalizer,
                    CONTINUING_PREFIX,
                    MAX_CHARACTERS_PER_WORD,
                    require(config.specialToken("unk_token")),
                    require(config.specialToken("cls_token")),
                    require(config.specialToken("sep_token")));
        }

        BertTokenizerDefinition definition(JsonNode json) {
            JsonNode model = json.path("model");
            vocabulary = new WordPieces(model.path("vocab").size());
            for (Map.Entry<String, JsonNode> entry : JsonTree.fields(model.path("vocab"))) {
                put(
                        TokenizerConfig.requireText(source, entry.getKey()),
                        TokenizerFiles.tokenId(source, entry.getValue()));
            }
            requireVocabulary();
            addInOrder(json, model.path("vocab").size());
            JsonNode normalizer = json.path("normalizer");
            JsonNode accents = normalizer.path("strip_accents");
            String unknown = model.path("unk_token").asText("[UNK]");
            SpecialTokens special = SpecialTokens.of(json.path("post_processor"));
            return finish(
                    normalizer(
                            normalizer.path("clean_text").asBoolean(true),
                            normalizer.path("handle_chinese_chars").asBoolean(true),
                            normalizer.path("lowercase").asBoolean(true),
                            accents.isBoolean() ? Optional.of(accents.booleanValue()) : Optional.empty()),
                    model.path("continuing_subword_prefix").asText(CONTINUING_PREFIX),
                    maxCharactersPerWord(model.path("max_input_chars_per_word")),
                    vocabulary.id(unknown),
                    special.first().orElseGet(() -> require(config.specialToken("cls_token"))),
                    special.last().orElseGet(() -> require(config.specialToken("sep_token"))));
        }

        private static int maxCharactersPerWord(JsonNode most) {
            return most.isNumber() ? (int) Math.min(Integer.MAX_VALUE, most.doubleValue()) : MAX_CHARACTERS_PER_WORD;
        }

        private BertTokenizerDefinition finish(
                BertNormalizer normalizer,
                String continuingPrefix,
                int maxCharactersPerWord,
                int unknownToken,
                int classToken,
                int separatorToken) {
            special.forEach(token -> vocabulary.put(token, WordPieces.NONE));
            return new BertTokenizerDefinition(
                    source,
                    vocabulary,
                    normalizer,
                    continuingPrefix,
                    maxCharactersPerWord,
                    unknownToken,
                    addedTokens.values().stream()
                            .filter(token -> !special.contains(token.content()))
                            .toList(),
                    classToken,
                    separatorToken,
                    largestId + 1,
                    config.givesTokenTypes());
        }

        private BertNormalizer normalizer(
                boolean cleanText, boolean separateChinese, boolean lowerCase, Optional<Boolean> stripAccents) {
            boolean lower = config.flag("do_lower_case").orElse(lowerCase);
            return new BertNormalizer(
                    cleanText,
                    config.flag("tokenize_chinese_chars").orElse(separateChinese),
                    config.flag("strip_accents").or(() -> stripAccents).orElse(lower),
                    lower);
        }

        /** A blank line is none of a vocabulary's words, but counts. */
        private void put(String token, int id) {
            largestId = Math.max(largestId, id);
            vocabularyBounds.add(token);
            if (!token.isEmpty()) {
                vocabulary.put(token, id);
            }
        }

        private void requireVocabulary() {
            if (largestId < 0) {
                throw new InvalidModelException(source + ": has no vocabulary");
            }
        }

        private void add(AddedToken token) {
            addedTokenBounds.add(token.content());
            if (!token.content().isEmpty()) {
                largestId = Math.max(largestId, token.id());
                addedTokens.remove(token.content());
                addedTokens.put(token.content(), token);
                if (token.special()) {
                    special.add(token.content());
                }
            }
        }

        /**
         * Adds the tokens of {@code tokenizer.json}, then those of the configuration. A token that the vocabulary has keeps
         * its id; others are numbered after the vocabulary, in order, as Hugging Face's tokenizers number them, whatever id
         * the file gives.
         */
        private void addInOrder(JsonNode json, int vocabularySize) {
            List<AddedToken> tokens = new ArrayList<>();
            for (JsonNode token : json.path("added_tokens")) {
                tokens.add(TokenizerConfig.addedToken(source, token.path("id"), token));
            }
            tokens.addAll(config.addedTokens());
            Map<String, Integer> ids = new HashMap<>();
            int largest = -1;
            int elsewhere = 0;
            for (AddedToken token : tokens) {
                int known = vocabulary.id(token.content());
                int next = Math.max(vocabularySize, largest + 1);
                int id = ids.computeIfAbsent(token.content(), content -> known == WordPieces.NONE ? next : known);
                largest = Math.max(largest, id);
                if (id != token.id() && elsewhere++ == 0) {
                    LOG.warn(
                            "{}: the added token \"{}\" should have the id {}, but its place gives it {}",
                            source,
                            token.content(),
                            token.id(),
                            id);
                }
                add(token.withId(id));
            }
            if (elsewhere > 1) {
                LOG.warn("{}: {} more added tokens have another id than they should", source, elsewhere - 1);
            }
        }

        private int require(String token) {
            int id = vocabulary.id(token);
            if (id != WordPieces.NONE) {
                return id;
            }
            if (!addedTokens.containsKey(token)) {
                throw new InvalidModelException(source + ": has no token " + token);
            }
            return addedTokens.get(token).id();
        }
    }
}
