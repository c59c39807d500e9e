package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphemesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Ada Quille\u0301 in | Ada Quille | Ada Quille\u0301",
                "a \u2764\ufe0f b | \u2764 | \u2764\ufe0f",
                "\u05d1\u05bc\u05b0 \u05d0 | \u05d1 | \u05d1\u05bc\u05b0",
                "x \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 y | \ud83d\udc69 | \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\u0915\u093f \u0915 | \u0915 | \u0915\u093f",
                "\u1112\u1161\u11ab\u1100 | \u1161 | \u1112\u1161\u11ab",
                "\u0e19\u0e33 | \u0e19 | \u0e19\u0e33",
                "\u1100\uac00 | \u1100 | \u1100\uac00",
                "\uac00\u11ff | \uac00 | \uac00\u11ff",
                "\ua960\uac00 | \ua960 | \ua960\uac00",
                "\ua97c\uac00 | \ua97c | \ua97c\uac00",
                "\uac00\ud7b0 | \uac00 | \uac00\ud7b0",
                "\uac00\ud7fb | \uac00 | \uac00\ud7fb",
                "\u0e81\u0eb3 | \u0e81 | \u0e81\u0eb3",
                "\u0d4e\u0d15 | \u0d15 | \u0d4e\u0d15",
                "\uff76\uff9e | \uff76 | \uff76\uff9e",
                "\uff8a\uff9f | \uff8a | \uff8a\uff9f",
                "one two | one | one"
            })
    void takesTheWholeOfACharacter(String text, String part, String whole) {
        int start = text.indexOf(part);
        AnswerBoundaries.Extent extent =
                Graphemes.widen(text, new AnswerBoundaries.Extent(start, start + part.length()));
        assertThat(text.substring(extent.start(), extent.end())).isEqualTo(whole);
    }

    /** What is found near a place is what the expression finds from the beginning of the text. */
    @Test
    void findsTheClustersThatAreFoundFromTheBeginning() {
        int[][] ranges = {
            {0x0, 0x7f},
            {0xa0, 0x17f},
            {0x300, 0x36f},
            {0x590, 0x6ff},
            {0x900, 0x97f},
            {0xd00, 0xd7f},
            {0xe00, 0xeff},
            {0x1000, 0x11ff},
            {0x2000, 0x206f},
            {0x3040, 0x30ff},
            {0x4e00, 0x4eff},
            {0xa960, 0xa97f},
            {0xac00, 0xad00},
            {0xd7b0, 0xd7ff},
            {0xd800, 0xdfff},
            {0xfe00, 0xffff},
            {0x1d400, 0x1d7ff},
            {0x1f1e6, 0x1f1ff},
            {0x1f300, 0x1f9ff}
        };
        Random random = new Random(23);
        for (int round = 0; round < 3000; round++) {
            StringBuilder builder = new StringBuilder();
            int[] some = {random.nextInt(ranges.length), random.nextInt(ranges.length), 2, 8};
            while (builder.length() < 30) {
                int[] range = ranges[some[random.nextInt(some.length)]];
                builder.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1));
            }
            assertAgrees(builder.toString());
        }
    }

    private static void assertAgrees(String text) {
        List<Integer> borders = new ArrayList<>(List.of(0));
        Matcher matcher = Pattern.compile("\\X").matcher(text);
        while (matcher.find()) {
            borders.add(matcher.end());
        }
        for (int offset = 0; offset < text.length(); offset++) {
            int place = offset;
            int start = borders.stream()
                    .filter(border -> border <= place)
                    .reduce((a, b) -> b)
                    .orElseThrow();
            int end = borders.stream()
                    .filter(border -> border > place)
                    .findFirst()
                    .orElseThrow();
            AnswerBoundaries.Extent extent = Graphemes.widen(text, new AnswerBoundaries.Extent(offset, offset + 1));
            assertThat(extent).as("%s at %d", escaped(text), offset).isEqualTo(new AnswerBoundaries.Extent(start, end));
        }
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
        return escaped.toString();
    }
}
