package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.distilqa.WordTokenizer;
import org.distilqa.decoding.AnswerBoundaries.Extent;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerBoundariesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Ada -- quill | -- | false",
                "said: \u201c\u2026\u201d | \u201c\u2026\u201d | false",
                "<h2>Title</h2> | /h2 | false",
                "<h2>Title</h2> | h2 | false",
                "<h2>Title</h2> | </h2> | false",
                "<br/>Title | br | false",
                "Title</b> | b | false",
                "<a href=\"x.html\"> | a | false",
                "<a href=\"x.html\"> | x.html | true",
                "<h2>Title</h2> | Title | true",
                "a List<String> of | String | true",
                "if x <y then | y | true",
                "It costs $. | $ | true",
                "section 9.2.1 says | 9.2.1 | true",
                "\ud83d\ude00 | \ud83d\ude00 | true"
            })
    void rulesOutWhatSaysNothing(String text, String part, boolean expected) {
        int start = part.equals("h2") ? text.indexOf(part) : text.lastIndexOf(part);
        start = part.equals("a") ? 1 : start;
        AnswerBoundaries boundaries = new AnswerBoundaries(text, new WordTokenizer().tokenize(text), true);
        assertThat(boundaries.canAnswer(new Extent(start, start + part.length())))
                .isEqualTo(expected);
    }

    @Test
    void takesTheWholeOfWordsAndValuesOnlyIfAskedTo() {
        String text = "at -40 degrees";
        TokenizedText tokens = new WordTokenizer().tokenize(text);
        // "40", and "degr" of which "ees" is the rest.
        assertThat(new AnswerBoundaries(text, tokens, true).of(1, 2)).isEqualTo(new Extent(3, 14));
        assertThat(new AnswerBoundaries(text, tokens, false).of(1, 2)).isEqualTo(new Extent(4, 11));
    }

    @Test
    void findsNothingWhereATokenStandsForNoText() {
        String text = "-40";
        TokenizedText tokens =
                new TokenizedText(new int[] {7, 8}, new int[] {1, 1}, new int[] {1, 3}, new int[] {0, 1});
        for (boolean align : new boolean[] {true, false}) {
            AnswerBoundaries boundaries = new AnswerBoundaries(text, tokens, align);
            assertThat(boundaries.of(0, 0)).isEqualTo(new Extent(1, 1));
            assertThat(boundaries.canAnswer(boundaries.of(0, 0))).isFalse();
        }
    }
}
