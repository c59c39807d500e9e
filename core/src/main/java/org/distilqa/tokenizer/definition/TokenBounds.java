package org.distilqa.tokenizer.definition;

import org.distilqa.InvalidModelException;

/**
 * Bounds of a tokenizer's tokens, some times those of the largest tokenizers that are published: what takes memory for each
 * character of a token, and time for each of a text times those of the longest token, is bounded by them.
 */
public final class TokenBounds {
    /** The longest token. */
    public static final int MAX_LENGTH = 1_000;

    private final String source;
    private final String what;
    private final int maxTokens;
    private final int maxCharacters;
    private int tokens;
    private int characters;

    private TokenBounds(String source, String what, int maxTokens, int maxCharacters) {
        this.source = source;
        this.what = what;
        this.maxTokens = maxTokens;
        this.maxCharacters = maxCharacters;
    }

    /**
     * Those of a vocabulary: 4,000,000 tokens with 16,000,000 characters.
     *
     * @param source the file that it stands in, for messages
     * @return bounds that no token counts for yet
     */
    public static TokenBounds ofVocabulary(String source) {
        return new TokenBounds(source, "tokens", 4_000_000, 16_000_000);
    }

    /**
     * Those of the tokens that are added to a vocabulary: 100,000 with 4,000,000 characters.
     *
     * @param source the file that they stand in, for messages
     * @return bounds that no token counts for yet
     */
    public static TokenBounds ofAddedTokens(String source) {
        return new TokenBounds(source, "added tokens", 100_000, 4_000_000);
    }

    /**
     * Counts a token.
     *
     * @param token the token
     * @throws InvalidModelException if it is one too many, or too long
     */
    public void add(String token) {
        if (token.length() > MAX_LENGTH) {
            throw new InvalidModelException(
                    source + ": has a token of " + token.length() + " characters; at most " + MAX_LENGTH + " are read");
        }
        tokens++;
        characters += token.length();
        if (tokens > maxTokens) {
            throw new InvalidModelException(
                    source + ": has more than " + maxTokens + " " + what + ", which are the most that are read");
        }
        if (characters > maxCharacters) {
            throw new InvalidModelException(source + ": has " + what + " of more than " + maxCharacters
                    + " characters together, which are the most that are read");
        }
    }
}
