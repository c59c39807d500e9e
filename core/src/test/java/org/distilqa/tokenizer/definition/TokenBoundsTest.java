package org.distilqa.tokenizer.definition;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.distilqa.InvalidModelException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBoundsTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsTokensUpToTheMost(boolean added) {
        TokenBounds bounds = bounds(added);
        assertThatCode(() -> add(bounds, added ? 100_000 : 4_000_000, "")).doesNotThrowAnyException();
        assertThatThrownBy(() -> bounds.add(""))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("file: has more than " + (added ? "100000 added tokens" : "4000000 tokens")
                        + ", which are the most that are read");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsTheirCharactersUpToTheMost(boolean added) {
        TokenBounds bounds = bounds(added);
        String longest = "x".repeat(TokenBounds.MAX_LENGTH);
        assertThatCode(() -> add(bounds, added ? 4_000 : 16_000, longest)).doesNotThrowAnyException();
        assertThatThrownBy(() -> bounds.add("x"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(
                        "file: has " + (added ? "added tokens of more than 4000000" : "tokens of more than 16000000")
                                + " characters together, which are the most that are read");
    }

    private static TokenBounds bounds(boolean added) {
        return added ? TokenBounds.ofAddedTokens("file") : TokenBounds.ofVocabulary("file");
    }

    private static void add(TokenBounds bounds, int times, String token) {
        for (int i = 0; i < times; i++) {
            bounds.add(token);
        }
    }
}
