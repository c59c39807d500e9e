package org.distilqa.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.distilqa.AnswerOptions;
import org.distilqa.InvalidRequestException;
import org.distilqa.WordTokenizer;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    private final WordTokenizer tokenizer = new WordTokenizer();

    @Test
    void putsTheQuestionFirstAndTheContextAfterASeparator() {
        TokenizedText question = tokens(2);
        TokenizedText context = tokens(3);
        Window window = cover(question, context, AnswerOptions.defaults()).get(0);
        assertThat(window.ids())
                .containsExactly(
                        WordTokenizer.CLASS,
                        question.ids()[0],
                        question.ids()[1],
                        WordTokenizer.SEPARATOR,
                        context.ids()[0],
                        context.ids()[1],
                        context.ids()[2],
                        WordTokenizer.SEPARATOR);
        assertThat(window.contextStart()).isEqualTo(4);
        assertThat(first(window)).isZero();
        assertThat(tokens(window)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        // question, context, maxSequenceLength, docStride, windows
        "7, 374, 384, 128, 1",
        "7, 375, 384, 128, 2",
        "7, 620, 384, 128, 2",
        "7, 621, 384, 128, 3",
        "1, 1, 5, 0, 1",
        "1, 10, 5, 0, 10",
        "1, 10, 6, 1, 9",
        "20, 1000, 32, 0, 112",
        "64, 5000, 384, 128, 26",
        "28, 100, 32, 31, 100",
        "24, 100, 32, 16, 33",
        "20, 1000, 32, 8, 200",
        "7, 1000, 384, 383, 5",
        "7, 1000, 384, 187, 5",
        "7, 1000, 384, 150, 4"
    })
    void coversEveryTokenWithWindowsThatShareDocStrideTokens(
            int questionTokens, int contextTokens, int maxSequenceLength, int docStride, int expected) {
        AnswerOptions options = AnswerOptions.defaults()
                .withMaxSequenceLength(maxSequenceLength)
                .withDocStride(docStride);
        TokenizedText context = tokens(contextTokens);
        List<Window> windows = cover(tokens(questionTokens), context, options);
        assertThat(windows).hasSize(expected);
        BitSet covered = new BitSet();
        for (Window window : windows) {
            assertThat(window.ids()).hasSizeLessThanOrEqualTo(maxSequenceLength);
            assertThat(Arrays.copyOfRange(window.ids(), window.contextStart(), window.contextStart() + tokens(window)))
                    .containsExactly(Arrays.copyOfRange(context.ids(), first(window), first(window) + tokens(window)));
            covered.set(first(window), first(window) + tokens(window));
        }
        assertThat(covered.cardinality()).isEqualTo(contextTokens);
        int room = maxSequenceLength - questionTokens - 3;
        int shared = Math.min(docStride, room / 2);
        for (int i = 1; i < windows.size(); i++) {
            Window before = windows.get(i - 1);
            assertThat(first(before) + tokens(before) - first(windows.get(i))).isEqualTo(shared);
        }
    }

    @Test
    void hasAStretchOfTheContext() {
        TokenizedText question = tokens(2);
        TokenizedText context = tokens(30);
        Window.Stretch stretch = new Window.Stretch(20, 22);
        Window window = Window.of(question, context, stretch, tokenizer, AnswerOptions.defaults());
        assertThat(window.ids())
                .containsExactly(
                        WordTokenizer.CLASS,
                        question.ids()[0],
                        question.ids()[1],
                        WordTokenizer.SEPARATOR,
                        context.ids()[20],
                        context.ids()[21],
                        WordTokenizer.SEPARATOR);
        assertThat(window.contextStart()).isEqualTo(4);
        assertThat(window.stretch()).isEqualTo(stretch);
    }

    @Test
    void cutsALongQuestionAtMaxQuestionLength() {
        TokenizedText question = tokens(100);
        Window window = cover(question, tokens(5), AnswerOptions.defaults()).get(0);
        assertThat(window.contextStart()).isEqualTo(66);
        assertThat(Arrays.copyOfRange(window.ids(), 1, 65)).containsExactly(Arrays.copyOf(question.ids(), 64));
        assertThat(cover(question, tokens(5), AnswerOptions.defaults().withMaxQuestionLength(10))
                        .get(0)
                        .contextStart())
                .isEqualTo(12);
    }

    @Test
    void hasNoWindowForAContextWithoutAToken() {
        assertThat(cover(tokens(3), tokens(0), AnswerOptions.defaults())).isEmpty();
    }

    @Test
    void takesTheModelsLimitWhereItIsBelowTheDefault() {
        List<Window> windows = Window.cover(
                tokens(3), tokens(1000), new Window.Stretch(0, 1000), tokenizer, 128, AnswerOptions.defaults());
        assertThat(windows.get(0).ids()).hasSize(128);
        assertThat(first(windows.get(1))).isEqualTo(122 - 61);
    }

    @Test
    void refusesAMaxSequenceLengthBeyondTheModel() {
        AnswerOptions options = AnswerOptions.defaults().withMaxSequenceLength(513);
        assertThatThrownBy(() -> cover(tokens(3), tokens(3), options))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("maxSequenceLength is 513; it must be from 5 to 512");
    }

    @Test
    void refusesAQuestionThatLeavesNoRoomForTheContext() {
        AnswerOptions options = AnswerOptions.defaults().withMaxSequenceLength(32);
        assertThatThrownBy(() -> cover(tokens(29), tokens(3), options))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("maxSequenceLength is 32")
                .hasMessageContaining("29 tokens");
    }

    @Test
    void refusesAQuestionWithoutAToken() {
        assertThatThrownBy(() -> cover(tokens(0), tokens(3), AnswerOptions.defaults()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no token");
    }

    private static int first(Window window) {
        return window.stretch().first();
    }

    private static int tokens(Window window) {
        return window.stretch().tokens();
    }

    private List<Window> cover(TokenizedText question, TokenizedText context, AnswerOptions options) {
        return Window.cover(question, context, new Window.Stretch(0, context.size()), tokenizer, 512, options);
    }

    private static TokenizedText tokens(int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> 3 + i % 37);
        return new TokenizedText(ids, new int[count], new int[count], new int[count]);
    }
}
