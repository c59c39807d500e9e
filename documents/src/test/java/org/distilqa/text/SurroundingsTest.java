package org.distilqa.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurroundingsTest {
    private static final String TEXT =
            "It rained.\n \nThe mill was built in 1912\nby Ada Quill. It stands.\r\n\r\nThe end. Really";

    private final Document document = Document.of("notes", TEXT);

    private static Span find(String part) {
        return new Span(TEXT.indexOf(part), TEXT.indexOf(part) + part.length());
    }

    @Test
    void aSentenceGoesOverLinesButNotOverParagraphs() {
        assertThat(document.sentence(find("1912")).of(TEXT)).isEqualTo("The mill was built in 1912\nby Ada Quill.");
        assertThat(document.sentence(find("rained")).of(TEXT)).isEqualTo("It rained.");
        assertThat(document.sentence(find("Really")).of(TEXT)).isEqualTo("Really");
        assertThat(document.sentence(find("Quill. It")).of(TEXT))
                .isEqualTo("The mill was built in 1912\nby Ada Quill. It stands.");
        assertThat(document.sentence(new Span(0, TEXT.length())).of(TEXT)).isEqualTo(TEXT);
    }

    @Test
    void aRowOfATableIsASentence() {
        String text = "who\twhen\nAda\t1912\nTom\t1950";
        int start = text.indexOf("1912");
        assertThat(Document.of("table", text)
                        .sentence(new Span(start, start + 4))
                        .of(text))
                .isEqualTo("Ada\t1912");
    }

    @Test
    void aLineEndsWithItsLineBreak() {
        assertThat(document.line(find("Ada")).of(TEXT)).isEqualTo("by Ada Quill. It stands.");
        assertThat(document.line(find("1912\nby")).of(TEXT))
                .isEqualTo("The mill was built in 1912\nby Ada Quill. It stands.");
        assertThat(document.line(find("It rained")).of(TEXT)).isEqualTo("It rained.");
    }

    @Test
    void aParagraphEndsWithAnEmptyLine() {
        assertThat(document.paragraph(find("Ada")).of(TEXT))
                .isEqualTo("The mill was built in 1912\nby Ada Quill. It stands.");
        assertThat(document.paragraph(find("end")).of(TEXT)).isEqualTo("The end. Really");
    }

    @Test
    void aSpanIsInItsSurroundingsWhateverTheTextIs() {
        String text = " \n\u2029a.\t B\ud83d\ude00! \r\n\r\n c?\n".repeat(40) + "\u00a0";
        Document any = Document.of("any", text);
        for (int start = 0; start <= text.length(); start++) {
            for (int end = start; end <= Math.min(text.length(), start + 30); end++) {
                Span span = new Span(start, end);
                for (Span around : new Span[] {any.sentence(span), any.line(span), any.paragraph(span)}) {
                    assertThat(around.start()).isLessThanOrEqualTo(start);
                    assertThat(around.end()).isGreaterThanOrEqualTo(end).isLessThanOrEqualTo(text.length());
                }
            }
        }
    }

    @Test
    void aSentenceOfALongTextWithoutPointsIsCut() {
        String text = "so ".repeat(5000) + "noon" + " so".repeat(5000);
        Span sentence = Document.of("long", text).sentence(new Span(15_000, 15_004));
        assertThat(sentence.of(text)).hasSizeBetween(3000, 4100).contains(" noon ");
    }
}
