package org.distilqa.cli.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.distilqa.cli.options.Colours;
import org.distilqa.text.Document;
import org.distilqa.text.Span;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static String excerpt(Part part, String text, int start, int end) {
        return part.excerpt(Document.of("text", text), new Span(start, end), Colours.NEVER);
    }

    private static String sentence(String text, int start, int end) {
        return excerpt(Part.SENTENCE, text, start, end);
    }

    @Test
    void showsTheSentenceAroundASpanWithTheSpanInBrackets() {
        String text = "It rained. The lamp was built in 1874. It still works.";
        int start = text.indexOf("1874");
        assertThat(sentence(text, start, start + 4)).isEqualTo("The lamp was built in [1874].");
    }

    @Test
    void showsTheWholeTextWhereItIsOneSentence() {
        assertThat(sentence("noon", 0, 4)).isEqualTo("[noon]");
        assertThat(sentence("at noon", 3, 7)).isEqualTo("at [noon]");
        assertThat(sentence("noon, or later", 0, 4)).isEqualTo("[noon], or later");
    }

    @Test
    void showsASpanOverTwoSentencesWithBoth() {
        assertThat(sentence("One two. Three four. Five.", 4, 14)).isEqualTo("One [two. Three] four.");
    }

    @Test
    void showsTheLineOrTheParagraphIfThatIsAskedFor() {
        String text = "It rained. The lamp\nwas built in 1874. It still\nworks.\n\nThe end.";
        int start = text.indexOf("1874");
        assertThat(excerpt(Part.LINE, text, start, start + 4)).isEqualTo("was built in [1874]. It still");
        assertThat(excerpt(Part.PARAGRAPH, text, start, start + 4))
                .isEqualTo("It rained. The lamp was built in [1874]. It still works.");
    }

    @Test
    void cutsALongSentenceAndSaysSo() {
        String text = "so ".repeat(500) + "noon" + " so".repeat(500);
        assertThat(sentence(text, 1500, 1504))
                .startsWith("...")
                .endsWith("...")
                .contains(" [noon] ")
                .hasSizeLessThan(450);
        assertThat(excerpt(Part.LINE, text, 1500, 1504)).startsWith("so so").endsWith("so so");
    }

    @Test
    void neverCutsThroughACharacter() {
        for (int shift = 0; shift < 2; shift++) {
            String text = "x".repeat(shift) + "\ud83d\ude00".repeat(300) + "noon" + "\ud83d\ude00".repeat(300);
            String excerpt = sentence(text, 600 + shift, 604 + shift);
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(excerpt)).isTrue();
        }
    }

    @Test
    void printsOnOneLine() {
        assertThat(sentence("one\ttwo\r\nthree", 4, 14)).isEqualTo("one [two three]");
        assertThat(Excerpt.onOneLine("a\u2028b\nc")).isEqualTo("a b c");
    }

    @Test
    void marksTheAnswerInColourInsteadOfBrackets() {
        assertThat(Part.SENTENCE.excerpt(Document.of("text", "at noon"), new Span(3, 7), Colours.ALWAYS))
                .isEqualTo("at \033[1;32mnoon\033[0m");
    }
}
