package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExcerptTest {

    @Test
    void showsTheSentenceAroundASpanWithTheSpanInBrackets() {
        String text = "It rained. The lamp was built in 1874. It still works.";
        int start = text.indexOf("1874");
        assertThat(Excerpt.sentence(text, start, start + 4)).isEqualTo("The lamp was built in [1874].");
    }

    @Test
    void showsTheWholeTextWhereItIsOneSentence() {
        assertThat(Excerpt.sentence("noon", 0, 4)).isEqualTo("[noon]");
        assertThat(Excerpt.sentence("at noon", 3, 7)).isEqualTo("at [noon]");
        assertThat(Excerpt.sentence("noon, or later", 0, 4)).isEqualTo("[noon], or later");
    }

    @Test
    void showsASpanOverTwoSentencesWithBoth() {
        assertThat(Excerpt.sentence("One two. Three four. Five.", 4, 14)).isEqualTo("One [two. Three] four.");
    }

    @Test
    void cutsALongSentenceAndSaysSo() {
        String text = "so ".repeat(500) + "noon" + " so".repeat(500);
        assertThat(Excerpt.sentence(text, 1500, 1504))
                .startsWith("...")
                .endsWith("...")
                .contains(" [noon] ")
                .hasSizeLessThan(450);
    }

    @Test
    void neverCutsThroughACharacter() {
        for (int shift = 0; shift < 2; shift++) {
            String text = "x".repeat(shift) + "\ud83d\ude00".repeat(300) + "noon" + "\ud83d\ude00".repeat(300);
            String excerpt = Excerpt.sentence(text, 600 + shift, 604 + shift);
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(excerpt)).isTrue();
        }
    }

    @Test
    void printsOnOneLine() {
        assertThat(Excerpt.sentence("one\ttwo\r\nthree", 4, 14)).isEqualTo("one [two three]");
        assertThat(Excerpt.onOneLine("a\u2028b\nc")).isEqualTo("a b c");
    }
}
