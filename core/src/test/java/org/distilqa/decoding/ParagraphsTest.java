package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.distilqa.WordTokenizer;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window.Stretch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParagraphsTest {

    /** All paragraphs, in the order of the context. */
    private static Set<Stretch> paragraphs(String context) {
        TokenizedText tokens = new WordTokenizer().tokenize(context);
        Paragraphs paragraphs = Paragraphs.of(context, tokens);
        Set<Stretch> found = new LinkedHashSet<>();
        for (int token = 0; token < tokens.size(); token++) {
            found.add(paragraphs.at(token));
        }
        return found;
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
    void beginsAParagraphAfterAnEmptyLine() {
        assertThat(paragraphs(text("\n\n", 100, 70, 400)))
                .containsExactly(new Stretch(0, 100), new Stretch(100, 170), new Stretch(170, 570));
    }

    @Test
    void letsAParagraphStandByItselfFromTheLeastNumberOfTokensOn() {
        assertThat(paragraphs(text("\n\n", 64, 64, 64)))
                .containsExactly(new Stretch(0, 64), new Stretch(64, 128), new Stretch(128, 192));
        assertThat(paragraphs(text("\n\n", 63, 64, 64))).containsExactly(new Stretch(0, 127), new Stretch(127, 191));
    }

    @Test
    void putsAHeadlineTogetherWithWhatStandsBelowIt() {
        assertThat(paragraphs(text("\n\n", 5, 100, 3, 4, 60, 7)))
                .containsExactly(new Stretch(0, 105), new Stretch(105, 172), new Stretch(172, 179));
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
    void takesAnyKindOfEmptyLine(String between) {
        assertThat(paragraphs(text(between, 80, 80))).containsExactly(new Stretch(0, 80), new Stretch(80, 160));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n-\n", "\n -\r\n", "\u2028", "\f", " "})
    void takesNoEndOfALineForThatOfAParagraph(String between) {
        assertThat(paragraphs(text(between, 80, 80))).containsExactly(new Stretch(0, 160));
    }

    @Property
    void everyTokenIsInOneParagraphThatIsLongEnough(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 150) Integer> words) {
        int read = 0;
        List<Stretch> paragraphs = List.copyOf(paragraphs(text("\n\n", words.toArray(Integer[]::new))));
        for (int i = 0; i < paragraphs.size(); i++) {
            assertThat(paragraphs.get(i).first()).isEqualTo(read);
            read = paragraphs.get(i).end();
            if (i < paragraphs.size() - 1) {
                assertThat(paragraphs.get(i).tokens()).isGreaterThanOrEqualTo(Paragraphs.LEAST_TOKENS);
            }
        }
        assertThat(read).isEqualTo(words.stream().mapToInt(Integer::intValue).sum());
    }
}
