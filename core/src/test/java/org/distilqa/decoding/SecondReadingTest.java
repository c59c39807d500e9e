package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distilqa.AnswerOptions;
import org.distilqa.WordTokenizer;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window;
import org.distilqa.window.Window.Stretch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondReadingTest {
    private static final int ROOM = 100;
    private static final int MAX_ANSWER_LENGTH = 15;

    /** Scores of a context that is read in windows of 100 tokens without overlap; all tokens say -5 but where told. */
    private static SpanScores scores(int windows, int... places) {
        List<Reading> readings = new ArrayList<>();
        for (int window = 0; window < windows; window++) {
            double[] start = new double[ROOM];
            double[] end = new double[ROOM];
            Arrays.fill(start, -5);
            Arrays.fill(end, -5);
            for (int rank = 0; rank < places.length; rank++) {
                if (places[rank] / ROOM == window) {
                    start[places[rank] % ROOM] = 9 - 0.1 * rank;
                    end[places[rank] % ROOM] = 9;
                }
            }
            readings.add(new Reading(window * ROOM, start, end));
        }
        return SpanScores.of(readings);
    }

    /** A second reading of a context whose paragraphs have so many words of one token each. */
    private static SecondReading of(int room, int... paragraphs) {
        String context = Arrays.stream(paragraphs)
                .mapToObj(words -> String.join(" ", Collections.nCopies(words, "word")))
                .collect(Collectors.joining("\n\n"));
        TokenizedText tokens = new WordTokenizer().tokenize(context);
        return new SecondReading(context, tokens, room, MAX_ANSWER_LENGTH);
    }

    private static List<Stretch> next(SpanScores scores, int... paragraphs) {
        return of(ROOM, paragraphs).next(scores);
    }

    @Test
    void readsNothingTwiceThatOneWindowHolds() {
        assertThat(next(scores(1, 50), 50, 50)).isEmpty();
    }

    @Test
    void readsTheParagraphsOfTheBestPlacesEachByItself() {
        assertThat(next(scores(5, 450, 150, 250, 320, 80), 70, 80, 90, 70, 90, 100))
                .containsExactly(
                        new Stretch(400, 500), new Stretch(150, 240), new Stretch(240, 310), new Stretch(310, 400));
    }

    @Test
    void takesTwoPlacesOfAParagraphForOne() {
        assertThat(next(scores(5, 150, 155, 250, 320, 450), 100, 100, 100, 100, 100))
                .containsExactly(
                        new Stretch(100, 200), new Stretch(200, 300), new Stretch(300, 400), new Stretch(400, 500));
    }

    @Test
    void readsOfALongParagraphWhatIsAroundThePlace() {
        assertThat(of(400, 2000).next(scores(20, 1000, 1100, 1200, 1999)))
                .containsExactly(
                        new Stretch(873, 1129),
                        // What was taken with a better place is not read once more.
                        new Stretch(1129, 1329),
                        new Stretch(1744, 2000),
                        // All that is left is alike.
                        new Stretch(0, 256));
    }

    /** Scores as above, of 20 windows, in which the best span starts at token 1000 and may end at any of some, as likely at each. */
    private static SpanScores scoresOfSpan(int... ends) {
        SpanScores scores = scores(20, 1000);
        Reading window = scores.sections(10).get(0).reading();
        window.end()[0] = -5;
        for (int end : ends) {
            window.end()[end - 1000] = 9;
        }
        return scores;
    }

    @Test
    void readsAsMuchBeforeASpanAsAfterIt() {
        // Ten tokens in the middle of 256.
        assertThat(of(400, 2000).next(scoresOfSpan(1009))).startsWith(new Stretch(877, 1133));
        // Of equal spans the shortest: five tokens.
        assertThat(of(400, 2000).next(scoresOfSpan(1004, 1009))).startsWith(new Stretch(875, 1131));
    }

    @Test
    void readsTheFirstTokensOfAContextFirstWhereTheyAreTheBest() {
        assertThat(next(scores(3, 0, 250), 100, 100, 100))
                .containsExactly(new Stretch(0, 100), new Stretch(200, 300), new Stretch(100, 200));
    }

    @Test
    void readsNoMoreAtOnceThanAWindowHolds() {
        assertThat(next(scores(3, 150), 300).get(0)).isEqualTo(new Stretch(101, 201));
    }

    @Test
    void readsAllOfAContextOfFewParagraphs() {
        assertThat(next(scores(2, 150), 65, 65, 70))
                .containsExactly(new Stretch(130, 200), new Stretch(0, 65), new Stretch(65, 130));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 13, 50})
    void readsOnceMoreHoweverLongTheContextIs(int windows) {
        SecondReading secondReading =
                of(ROOM, IntStream.generate(() -> ROOM).limit(windows).toArray());
        SpanScores scores = scores(windows, 50, 150);
        assertThat(secondReading.next(scores)).hasSize(SecondReading.PLACES);
        assertThat(secondReading.next(scores)).isEmpty();
    }

    @Test
    void fillsNoWindowBeyondItsRoomAndReadsNothingTwice() {
        Random random = new Random(9);
        for (int round = 0; round < 200; round++) {
            int windows = 2 + random.nextInt(20);
            int[] places = random.ints(0, windows * ROOM).distinct().limit(20).toArray();
            int[] paragraphs = new int[windows * 2];
            for (int i = 0; i < windows; i++) {
                paragraphs[2 * i] = 1 + random.nextInt(ROOM - 1);
                paragraphs[2 * i + 1] = ROOM - paragraphs[2 * i];
            }
            int room = 1 + random.nextInt(ROOM);
            BitSet read = new BitSet();
            for (Stretch stretch : of(room, paragraphs).next(scores(windows, places))) {
                assertThat(stretch.tokens()).isBetween(1, room);
                assertThat(read.get(stretch.first(), stretch.end()).isEmpty()).isTrue();
                read.set(stretch.first(), stretch.end());
            }
            assertThat(read.get(places[0])).isTrue();
        }
    }

    @Test
    void letsTheSecondReadingDecideBetweenThePlaces() {
        SpanScores first = scores(3, 50, 150, 250);
        assertThat(best(first).start()).isEqualTo(50);
        // The second reading prefers the second place.
        SpanScores both = first.with(again(next(first, 100, 100, 100), 150));
        assertThat(best(both).start()).isEqualTo(150);
        assertThat(best(both).end()).isEqualTo(150);
    }

    @Test
    void neverLetsWhatWasNotReadAgainPassWhatWas() {
        // Five places; the fifth is not read again, and the four that are turn out to be nothing.
        SpanScores first = scores(5, 50, 150, 250, 350, 450);
        SpanScores both = first.with(again(next(first, 100, 100, 100, 100, 100)));
        assertThat(best(both).start()).isNotEqualTo(450);
    }

    @Test
    void joinsNoSpanOfTwoStretches() {
        SpanScores first = scores(2, 50, 80);
        List<Stretch> stretches = List.of(new Stretch(40, 60), new Stretch(62, 90));
        SpanScores both = first.with(again(stretches, 59, 62));
        BestSpans spans = new BestSpans(10_000);
        for (int window = 0; window < both.windows(); window++) {
            both.sections(window).forEach(section -> spans.offer(section, MAX_ANSWER_LENGTH));
        }
        assertThat(spans.sorted()).isNotEmpty().allSatisfy(span -> {
            for (int border : new int[] {40, 60, 62, 90}) {
                assertThat(span.start() < border && span.end() >= border).isFalse();
            }
        });
    }

    @Test
    void mapsThePlacesOfItsWindowBackToTheContext() {
        WordTokenizer tokenizer = new WordTokenizer();
        TokenizedText question = tokenizer.tokenize("who");
        TokenizedText context = tokenizer.tokenize("a b c d e f g h i j k l");
        Window window = Window.of(question, context, new Stretch(8, 11), tokenizer, AnswerOptions.defaults());
        float[] logits = new float[window.ids().length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 1 + i;
        }
        Reading reading = Reading.of(window, logits, logits, 0);
        assertThat(reading.first()).isEqualTo(8);
        assertThat(reading.start()).containsExactly(3, 4, 5);
        assertThat(reading.end()).containsExactly(3, 4, 5);
    }

    private static List<Reading> again(List<Stretch> stretches, int... places) {
        List<Reading> readings = new ArrayList<>();
        for (Stretch stretch : stretches) {
            double[] start = new double[stretch.tokens()];
            Arrays.fill(start, -5);
            double[] end = start.clone();
            for (int place : places) {
                if (place >= stretch.first() && place < stretch.end()) {
                    start[place - stretch.first()] = 9;
                    end[place - stretch.first()] = 9;
                }
            }
            readings.add(new Reading(stretch.first(), start, end));
        }
        return readings;
    }

    private static BestSpans.Span best(SpanScores scores) {
        BestSpans spans = new BestSpans(1);
        for (int window = 0; window < scores.windows(); window++) {
            scores.sections(window).forEach(section -> spans.offer(section, MAX_ANSWER_LENGTH));
        }
        return spans.worst();
    }
}
