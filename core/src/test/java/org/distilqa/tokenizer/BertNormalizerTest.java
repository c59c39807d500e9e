package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is expected is what Hugging Face's {@code BertNormalizer} gives (tokenizers 0.23.3), with the places of its encoding. */
class BertNormalizerTest {
    private static final BertNormalizer WITHOUT_ACCENTS = new BertNormalizer(true, true, true, false);

    private static final String ASCII_AND_NEIGHBOURS = "@AZ[`az{\u001f ~\u007f\u0080\b\t\n\r\u000e\0À";

    @Test
    void cleansAndMakesSmallWhatIsToBeAndNothingBeside() {
        assertThat(new BertNormalizer(true, true, false, true).normalize(ASCII_AND_NEIGHBOURS))
                .isEqualTo("@az[`az{ ~   à");
        assertThat(new BertNormalizer(true, true, false, false).normalize(ASCII_AND_NEIGHBOURS))
                .isEqualTo("@AZ[`az{ ~   À");
        assertThat(new BertNormalizer(false, true, false, true).normalize(ASCII_AND_NEIGHBOURS))
                .isEqualTo("@az[`az{\u001f ~\u007f\u0080\b\t\n\r\u000e\0à");
        assertThat(new BertNormalizer(false, true, false, false).normalize(ASCII_AND_NEIGHBOURS))
                .isEqualTo(ASCII_AND_NEIGHBOURS);
    }

    /** U+1D165 and U+302E are marks, of one class and a higher one, that are not accents and stay. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // What ends a run of marks comes after them.
                "a\ud834\udd65 b | 61@0-1 1d165@1-3 20@3-4 62@4-5",
                "a\ud834\udd65\tb | 61@0-1 1d165@1-3 20@3-4 62@4-5",
                "a\ud834\udd65\u000bb | 61@0-1 1d165@1-3 62@4-5",
                "a\ud834\udd65\u3000b | 61@0-1 1d165@1-3 20@3-4 62@4-5",
                "a\ud834\udd65中\ud834\udd65b | 61@0-1 1d165@1-3 20@3-4 4e2d@3-4 20@3-4 1d165@4-6 62@6-7",
                "a\ud834\udd65 | 61@0-1 1d165@1-3",
                "\ud834\udd65가\ud834\udd65 | 1d165@0-2 1100@2-3 1161@2-3 1d165@3-5",
                "중\u302e\ud834\udd65 | 110c@0-1 116e@0-1 11bc@0-1 1d165@1-2 302e@2-4",
                "中\u302e\ud834\udd65 | 20@0-1 4e2d@0-1 20@0-1 1d165@1-2 302e@2-4",
                "\u302e\uf900\ud834\udd65\ud87e\udc00 | 302e@0-1 20@1-2 8c48@1-2 20@1-2 1d165@2-4 20@4-6 4e3d@4-6 20@4-6",
                // What is removed ends none.
                "a\u302e\u0001\ud834\udd65\u0085b | 61@0-1 1d165@1-2 302e@3-5 62@6-7",
                // In order, a mark takes the place of the one that it comes before.
                "é\ud834\udd65a | 65@0-1 1d165@1-3 61@3-4",
                "e\u0301\ud834\udd65 | 65@0-1 1d165@1-2",
                "a\u0301\ud834\udd65\u0344\ud834\udd65 | 61@0-1 1d165@1-2 1d165@2-4",
                "a\u302e\ud834\udd5eb | 61@0-1 302e@1-2 1d157@2-4 1d165@2-4 62@4-5",
                "\u1dfb\u302e\ud834\udd65\u1b44 | 1b44@0-1 1d165@1-2 302e@2-4 1dfb@4-5"
            })
    void putsMarksInCanonicalOrderBeforeWhatComesNext(String text, String expected) {
        assertThat(placed(text)).isEqualTo(expected);
    }

    @Test
    void putsInOrderAsManyMarksAsThereAre() {
        assertThat(placed("a" + "\u0301\ud834\udd65".repeat(20) + "b"))
                .isEqualTo("61@0-1 1d165@1-2 1d165@2-4 1d165@4-5 1d165@5-7 1d165@7-8 1d165@8-10 1d165@10-11 1d165@11-13"
                        + " 1d165@13-14 1d165@14-16 1d165@16-17 1d165@17-19 1d165@19-20 1d165@20-22 1d165@22-23"
                        + " 1d165@23-25 1d165@25-26 1d165@26-28 1d165@28-29 1d165@29-31 62@61-62");
    }

    /** The characters left of a text, and the place of each. */
    private static String placed(String text) {
        NormalizedText normalized = new NormalizedText();
        WITHOUT_ACCENTS.normalize(text, 0, text.length(), normalized);
        return IntStream.range(0, normalized.length())
                .filter(i -> !Character.isLowSurrogate(normalized.unit(i)))
                .mapToObj(i -> Integer.toHexString(normalized.codePoint(i)) + "@" + normalized.start(i) + "-"
                        + normalized.end(i))
                .collect(Collectors.joining(" "));
    }
}
