package org.distilqa.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.distilqa.search.PassageSplitter.Stretch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassageSplitterTest {
    private static final String[] PIECES = {
        "The mill stands. ",
        "Who built it? ",
        "a",
        "word ",
        "\n",
        "\r\n",
        "\n\n",
        "\u2029",
        "\f",
        "\ud83d\ude00",
        "  ",
        "\u00a0",
        "1912. ",
        "averyveryverylongwordwithoutanyblankinit",
        "\u4e2d\u6587\u3002",
        "\n \t\n"
    };

    private static List<String> split(PassageSplitter splitter, String text) {
        return splitter.split(text).stream()
                .map(stretch -> text.substring(stretch.start(), stretch.end()))
                .toList();
    }

    @Test
    void makesAPassageOfEachParagraph() {
        String text = "The first paragraph is here.\r\n\r\nThe second one is there.\n \nAnd a third.";
        assertThat(split(new PassageSplitter(5, 100, 20), text))
                .containsExactly("The first paragraph is here.", "The second one is there.", "And a third.");
    }

    @Test
    void putsAHeadlineTogetherWithWhatFollows() {
        assertThat(split(new PassageSplitter(20, 100, 20), "Mills\n\nThe first mill was built in 1912.\n\nEnd"))
                .containsExactly("Mills\n\nThe first mill was built in 1912.", "End");
    }

    @Test
    void doesNotPutTogetherWhatIsTooLongTogether() {
        assertThat(split(new PassageSplitter(20, 40, 10), "Mills of the north\n\nThe first mill was built in 1912."))
                .containsExactly("Mills of the north", "The first mill was built in 1912.");
    }

    @Test
    void cutsALongParagraphAtSentencesThatOverlap() {
        String text = "The mill is old. It has a wheel. The wheel is oak. Ada built it. She was young then.";
        assertThat(split(new PassageSplitter(5, 51, 20), text))
                .containsExactly(
                        "The mill is old. It has a wheel. The wheel is oak.",
                        "The wheel is oak. Ada built it. She was young then.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void leavesNothingOutOfAnyText(int seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder made = new StringBuilder();
            for (int piece = random.nextInt(80); piece > 0; piece--) {
                made.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String text = made.toString();
            int longest = 10 + random.nextInt(200);
            PassageSplitter splitter =
                    new PassageSplitter(random.nextInt(longest), longest, random.nextInt(1 + longest / 4));
            check(text, longest, splitter.split(text));
        }
    }

    private static void check(String text, int longest, List<Stretch> passages) {
        BitSet covered = new BitSet();
        int before = -1;
        for (Stretch passage : passages) {
            // A surrogate pair is never cut, and may make a piece one longer.
            assertThat(passage.length()).as(text).isBetween(1, longest + 1);
            assertThat(passage.start()).as(text).isGreaterThan(before);
            before = passage.start();
            String found = text.substring(passage.start(), passage.end());
            assertThat(found).isEqualTo(found.strip());
            assertThat(Character.isLowSurrogate(found.charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(found.charAt(found.length() - 1)))
                    .isFalse();
            covered.set(passage.start(), passage.end());
        }
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            assertThat(covered.get(i) || Character.isWhitespace(character) || Character.isSpaceChar(character))
                    .as("%d of %s", i, text)
                    .isTrue();
        }
    }

    @Test
    void cutsALongTextWithoutABlank() {
        String text = "x".repeat(2_000_000);
        assertThat(new PassageSplitter(250, 1500, 300).split(text)).hasSizeBetween(1300, 20_000);
    }
}
