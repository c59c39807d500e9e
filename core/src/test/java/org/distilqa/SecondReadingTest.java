package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.distilqa.Window.Stretch;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static List<List<Stretch>> next(SpanScores scores) {
        return new SecondReading(ROOM, MAX_ANSWER_LENGTH).next(scores);
    }

    @Test
    void readsNothingTwiceThatOneWindowHolds() {
        assertThat(next(scores(1, 50))).isEmpty();
    }

    @Test
    void putsTheSurroundingsOfTheBestPlacesTogetherInTheOrderOfTheContext() {
        assertThat(next(scores(5, 450, 150, 250, 320, 80)))
                .containsExactly(List.of(
                        new Stretch(138, 163), new Stretch(238, 263), new Stretch(308, 333), new Stretch(438, 463)));
    }

    @Test
    void takesTwoPlacesThatStandTogetherForOne() {
        // 155 is within the surroundings of 150.
        assertThat(next(scores(5, 150, 155, 250, 320, 450)))
                .containsExactly(List.of(
                        new Stretch(138, 163), new Stretch(238, 263), new Stretch(308, 333), new Stretch(438, 463)));
    }

    @Test
    void keepsToTheContextAtItsEnds() {
        List<Stretch> window = next(scores(3, 0, 299)).get(0);
        assertThat(window.get(0).first()).isZero();
        assertThat(window.get(0).tokens()).isGreaterThanOrEqualTo(25);
        assertThat(window.get(window.size() - 1).end()).isEqualTo(300);
        assertThat(window.get(window.size() - 1).tokens()).isGreaterThanOrEqualTo(25);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0", "12, 1, 0", "13, 3, 1", "50, 3, 1"})
    void readsOneWindowMoreOrATournamentsFour(int windows, int second, int third) {
        SecondReading secondReading = new SecondReading(ROOM, MAX_ANSWER_LENGTH);
        SpanScores scores = scores(windows, 50, 150);
        assertThat(secondReading.next(scores)).hasSize(second);
        assertThat(secondReading.next(scores)).hasSize(third);
        assertThat(secondReading.next(scores)).isEmpty();
    }

    @Test
    void fillsNoWindowBeyondItsRoomAndReadsNothingTwiceInARound() {
        Random random = new Random(9);
        for (int round = 0; round < 200; round++) {
            int windows = 2 + random.nextInt(20);
            int room = 1 + random.nextInt(ROOM);
            int[] places = random.ints(20, 0, windows * ROOM).toArray();
            SecondReading secondReading = new SecondReading(room, 1 + random.nextInt(ROOM));
            BitSet read = new BitSet();
            for (List<Stretch> window : secondReading.next(scores(windows, places))) {
                assertThat(window.stream().mapToInt(Stretch::tokens).sum()).isBetween(1, room);
                for (Stretch stretch : window) {
                    assertThat(read.get(stretch.first(), stretch.end()).isEmpty())
                            .isTrue();
                    read.set(stretch.first(), stretch.end());
                }
            }
        }
    }

    @Test
    void letsTheSecondReadingDecideBetweenThePlaces() {
        SpanScores first = scores(3, 50, 150, 250);
        assertThat(best(first).start()).isEqualTo(50);
        // The second reading prefers the second place.
        SpanScores both = first.with(again(next(first).get(0), 150));
        assertThat(best(both).start()).isEqualTo(150);
        assertThat(best(both).end()).isEqualTo(150);
    }

    @Test
    void neverLetsWhatWasNotReadAgainPassWhatWas() {
        // Five places; the fifth is not read again, and the four that are turn out to be nothing.
        SpanScores first = scores(5, 50, 150, 250, 350, 450);
        SpanScores both = first.with(again(next(first).get(0)));
        assertThat(best(both).start()).isNotEqualTo(450);
    }

    @Test
    void joinsNoSpanOfTwoSurroundings() {
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
        List<Stretch> stretches = List.of(new Stretch(2, 4), new Stretch(8, 11));
        Window window = Window.of(question, context, stretches, tokenizer, AnswerOptions.defaults());
        float[] logits = new float[window.ids().length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 1 + i;
        }
        List<Reading> readings = Reading.of(window, logits, logits);
        assertThat(readings).hasSize(2);
        assertThat(readings.get(0).first()).isEqualTo(2);
        assertThat(readings.get(0).start()).containsExactly(3, 4);
        assertThat(readings.get(1).first()).isEqualTo(8);
        assertThat(readings.get(1).end()).containsExactly(5, 6, 7);
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
