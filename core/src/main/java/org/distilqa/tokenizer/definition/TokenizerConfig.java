package org.distilqa.tokenizer.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;

/**
 * What a checkpoint says of its tokenizer beside the vocabulary or {@code tokenizer.json}: in {@code tokenizer_config.json}
 * and, where that has no {@code added_tokens_decoder}, in {@code special_tokens_map.json} and {@code added_tokens.json},
 * as Hugging Face's Python reads them. Immutable.
 */
public final class TokenizerConfig {
    private static final String ADDED_TOKENS_DECODER = "added_tokens_decoder";

    /** BERT's special tokens, where nothing else is said. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "unk_token", "[UNK]",
            "sep_token", "[SEP]",
            "pad_token", "[PAD]",
            "cls_token", "[CLS]",
            "mask_token", "[MASK]");

    private static final List<String> OTHERS = List.of("bos_token", "eos_token");
    private static final List<String> LISTS = List.of("additional_special_tokens", "extra_special_tokens");

    private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

    private final JsonNode config;

    /** Where names of special tokens stand, the first that has one decides. */
    private final List<JsonNode> sources;

    private final List<AddedToken> addedTokens;

    private TokenizerConfig(ModelFiles files) {
        config = read(files, TokenizerFiles.CONFIG);
        JsonNode names = read(files, TokenizerFiles.SPECIAL_TOKENS);
        boolean newer = config.path(ADDED_TOKENS_DECODER).isObject();
        sources = newer ? List.of(config, names) : List.of(names, config);
        addedTokens = newer ? decoder(files.location(TokenizerFiles.CONFIG)) : added(files);
    }

    /**
     * Reads the files that are there.
     *
     * @param files the model's files
     * @return what they say
     * @throws InvalidModelException if one is malformed
     */
    public static TokenizerConfig read(ModelFiles files) {
        return new TokenizerConfig(files);
    }

    private static JsonNode read(ModelFiles files, String file) {
        return files.has(file) ? TokenizerFiles.readObject(files, file) : NOTHING;
    }

    /**
     * A setting that is on or off.
     *
     * @param name its name, such as {@code do_lower_case}
     * @return whether it is on; empty if nothing is said
     */
    public Optional<Boolean> flag(String name) {
        JsonNode value = config.path(name);
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /**
     * Whether a network is given the types of tokens, which tell the context from the question: unless {@code model_input_names}
     * is a list without {@code token_type_ids}. Where there is no list, the types are given, as by BERT's tokenizer in Python,
     * except by {@code DistilBertTokenizer}.
     *
     * @return whether it is given them
     */
    public boolean givesTokenTypes() {
        JsonNode names = config.path("model_input_names");
        if (!names.isArray()) {
            return !config.path("tokenizer_class").asText().matches("DistilBertTokenizer(Fast)?");
        }
        for (JsonNode name : names) {
            if (name.asText().equals("token_type_ids")) {
                return true;
            }
        }
        return false;
    }

    /**
     * The text of a special token.
     *
     * @param name its name, such as {@code sep_token}
     * @return its text; BERT's if nothing is said
     * @throws IllegalArgumentException if BERT has no token of this name
     */
    public String specialToken(String name) {
        if (!DEFAULTS.containsKey(name)) {
            throw new IllegalArgumentException(name + " is not one of " + DEFAULTS.keySet());
        }
        for (JsonNode source : sources) {
            Optional<String> text = text(source.path(name));
            if (text.isPresent()) {
                return text.get();
            }
        }
        return DEFAULTS.get(name);
    }

    /** A special token is given as a text, or as an object with its text as "content". */
    private static Optional<String> text(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() && !text.textValue().isEmpty() ? Optional.of(text.textValue()) : Optional.empty();
    }

    /**
     * The texts of all tokens that are named as special ones, beside which an added token can say of itself that it is one. No
     * text has such a token.
     *
     * @return the texts
     */
    public Set<String> specialTokens() {
        Set<String> texts = new LinkedHashSet<>();
        DEFAULTS.keySet().forEach(name -> texts.add(specialToken(name)));
        for (JsonNode source : sources) {
            OTHERS.forEach(name -> text(source.path(name)).ifPresent(texts::add));
            for (String list : LISTS) {
                source.path(list).forEach(token -> text(token).ifPresent(texts::add));
            }
        }
        return texts;
    }

    /**
     * The tokens added to the vocabulary.
     *
     * @return the tokens, by id
     */
    public List<AddedToken> addedTokens() {
        return addedTokens;
    }

    private List<AddedToken> decoder(String source) {
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : JsonTree.fields(config.path(ADDED_TOKENS_DECODER))) {
            tokens.add(addedToken(source, parsedId(entry.getKey()), entry.getValue()));
        }
        return byId(tokens);
    }

    private static JsonNode parsedId(String key) {
        try {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(key));
        } catch (NumberFormatException e) {
            return JsonNodeFactory.instance.textNode(key);
        }
    }

    private List<AddedToken> added(ModelFiles files) {
        Set<String> special = specialTokens();
        String source = files.location(TokenizerFiles.ADDED_TOKENS);
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : JsonTree.fields(read(files, TokenizerFiles.ADDED_TOKENS))) {
            boolean isSpecial = special.contains(entry.getKey());
            int id = TokenizerFiles.tokenId(source, entry.getValue());
            tokens.add(new AddedToken(
                    id, requireText(source, entry.getKey()), false, false, false, !isSpecial, isSpecial));
        }
        return byId(tokens);
    }

    private static List<AddedToken> byId(List<AddedToken> tokens) {
        return tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
    }

    /**
     * An added token as an object describes it, here and in {@code tokenizer.json}.
     *
     * @param source the file that it stands in, for messages
     * @param id what stands there as its id
     * @param token the object
     * @return the token
     * @throws InvalidModelException if the id or the text is none
     */
    public static AddedToken addedToken(String source, JsonNode id, JsonNode token) {
        boolean special = token.path("special").asBoolean();
        return new AddedToken(
                TokenizerFiles.tokenId(source, id),
                requireText(source, token.path("content").asText()),
                token.path("single_word").asBoolean(),
                token.path("lstrip").asBoolean(),
                token.path("rstrip").asBoolean(),
                token.path("normalized").asBoolean(!special),
                special);
    }

    /**
     * Checks that a token is text: JSON can hold half a surrogate pair.
     *
     * @param source the file that it stands in, for messages
     * @param token the token
     * @return the token
     * @throws InvalidModelException if it is not text
     */
    public static String requireText(String source, String token) {
        if (!UnicodeText.wellFormed(token).equals(token)) {
            throw new InvalidModelException(source + ": has a token that is not Unicode text: half a surrogate pair");
        }
        return token;
    }
}
