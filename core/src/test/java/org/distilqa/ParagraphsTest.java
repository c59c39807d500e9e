package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.distilqa.Window.Stretch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParagraphsTest {
    private static final int ROOM = 200;
    private static final int OVERLAP = 50;

    private static List<Stretch> stretches(String context) {
        return stretches(context, ROOM, OVERLAP);
    }

    private static List<Stretch> stretches(String context, int room, int overlap) {
        return Paragraphs.of(context, new WordTokenizer().tokenize(context)).stretches(room, overlap);
    }

    /** Paragraphs of so many words of one token each. */
    private static String text(String between, Integer... words) {
        StringJoiner text = new StringJoiner(between);
        for (int count : words) {
            text.add(String.join(" ", Collections.nCopies(count, "word")));
        }
        return text.toString();
    }

    @Test
    void readsParagraphsByThemselves() {
        assertThat(stretches(text("\n\n", 100, 60, 150)))
                .containsExactly(new Stretch(0, 100), new Stretch(100, 160), new Stretch(160, 310));
    }

    @Test
    void leavesAContextWholeThatFits() {
        assertThat(stretches(text("\n\n", 60, 60, 80))).containsExactly(new Stretch(0, 200));
    }

    @Test
    void hasNothingToReadInATextWithoutAToken() {
        assertThat(stretches("\n\n \n\n")).isEmpty();
    }

    @Test
    void readsAHeadlineWithWhatStandsBelowIt() {
        assertThat(stretches(text("\n\n", 5, 100, 3, 4, 60, 150, 7)))
                .containsExactly(
                        new Stretch(0, 105), new Stretch(105, 172), new Stretch(172, 322), new Stretch(322, 329));
    }

    @Test
    void cutsNoParagraphForAHeadline() {
        assertThat(stretches(text("\n\n", 10, 195, 30)))
                .containsExactly(new Stretch(0, 10), new Stretch(10, 205), new Stretch(205, 235));
    }

    @Test
    void cutsAParagraphThatIsTooLongIntoStretchesThatOverlap() {
        assertThat(stretches(text("\n\n", 10, 400, 60)))
                .containsExactly(
                        new Stretch(0, 200), new Stretch(150, 350), new Stretch(300, 410), new Stretch(410, 470));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n\n",
                "\r\n\r\n",
                "\r\r",
                "\n \t\n",
                "\n\u00a0\n",
                "\n\n\n\n",
                "\u2029",
                "\u0085\u0085",
                "\u2028\u2028",
                ".\n\n\f",
                " \n\r\n"
            })
    void endsAParagraphAtAnEmptyLine(String between) {
        assertThat(stretches(text(between, 150, 150))).containsExactly(new Stretch(0, 150), new Stretch(150, 300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n-\n", "\n -\r\n", "\u2028", "\f", " "})
    void endsNoParagraphWhereALineEnds(String between) {
        assertThat(stretches(text(between, 150, 150))).containsExactly(new Stretch(0, 200), new Stretch(150, 300));
    }

    @Property
    void coversAnyContextAndCutsOnlyParagraphsThatDoNotFit(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 150) Integer> words,
            @ForAll @IntRange(min = 1, max = 100) int room,
            @ForAll @IntRange(max = 50) int overlap) {
        int shared = Math.min(overlap, room / 2);
        List<Stretch> stretches = stretches(text("\n\n", words.toArray(Integer[]::new)), room, shared);
        List<Integer> starts = new ArrayList<>(List.of(0));
        words.forEach(count -> starts.add(starts.get(starts.size() - 1) + count));
        int read = 0;
        for (Stretch stretch : stretches) {
            assertThat(stretch.tokens()).isBetween(1, room);
            assertThat(stretch.end()).isGreaterThan(read);
            assertThat(stretch.first()).isIn(read, read - shared);
            if (stretch.first() == read && shared > 0) {
                assertThat(starts).contains(read);
            }
            read = stretch.end();
        }
        assertThat(read).isEqualTo(starts.get(words.size()));
        for (int i = 0; i < words.size(); i++) {
            int start = starts.get(i);
            int end = starts.get(i + 1);
            if (end - start <= room && !stretches.equals(List.of(new Stretch(0, read)))) {
                assertThat(stretches).anySatisfy(stretch -> {
                    assertThat(stretch.first()).isLessThanOrEqualTo(start);
                    assertThat(stretch.end()).isGreaterThanOrEqualTo(end);
                });
            }
        }
    }
}
