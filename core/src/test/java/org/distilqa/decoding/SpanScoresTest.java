package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.distilqa.decoding.SpanScores.Section;
import org.junit.jupiter.api.Test;

class SpanScoresTest {
    /** Sums of a few exponentials in double. */
    private static final double ROUNDING = 1e-12;

    private static Reading reading(int first, double... startsAndEnds) {
        return new Reading(first, startsAndEnds.clone(), startsAndEnds.clone());
    }

    @Test
    void givesATokenToTheWindowWhereItHasMoreContextOnItsShorterSideTheFirstOfEquals() {
        // Tokens 0 to 9 and 4 to 13: 6 has three on its shorter side in the first and two in the second, 7 two and
        // three.
        SpanScores scores = SpanScores.of(
                List.of(new Reading(0, new double[10], new double[10]), reading(4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        assertThat(scores.tokens()).isEqualTo(14);
        assertThat(scores.sections(0)).singleElement().satisfies(section -> {
            assertThat(section.from()).isZero();
            assertThat(section.to()).isEqualTo(7);
            assertThat(section.limit()).isEqualTo(10);
        });
        assertThat(scores.sections(1)).singleElement().satisfies(section -> {
            assertThat(section.from()).isEqualTo(7);
            assertThat(section.to()).isEqualTo(14);
            assertThat(section.limit()).isEqualTo(14);
        });
        // With an odd overlap, the one in its middle has as much in both.
        SpanScores odd = SpanScores.of(List.of(reading(0, 0, 0, 0, 0, 0, 0, 0), reading(4, 0, 0, 0, 0, 0, 0, 0)));
        assertThat(odd.sections(0).get(0).to()).isEqualTo(6);
    }

    @Test
    void isOneDistributionOverTheStartsAndOneOverTheEndsOfAllWindows() {
        SpanScores scores = SpanScores.of(List.of(reading(0, 1, 2), reading(2, 3)));
        double sum = 1 + Math.exp(1) + Math.exp(2) + Math.exp(3);
        assertThat(scores.logProbability(0)).isCloseTo(-2 * Math.log(sum), within(ROUNDING));
        assertThat(scores.logProbability(5)).isCloseTo(5 - 2 * Math.log(sum), within(ROUNDING));
    }

    @Test
    void takesTheMeanOfBothReadingsAndTheLeastOfTheSecondForWhatWasNotReadAgain() {
        SpanScores first = SpanScores.of(List.of(
                new Reading(0, new double[] {1, 2, 3}, new double[] {4, 5, 6}),
                new Reading(3, new double[] {7}, new double[] {8})));
        SpanScores both = first.with(List.of(new Reading(1, new double[] {10, -4}, new double[] {20, 30})));
        Reading window = both.sections(0).get(0).reading();
        assertThat(window.start()).containsExactly((1 - 4) / 2.0, (2 + 10) / 2.0, (3 - 4) / 2.0);
        assertThat(window.end()).containsExactly((4 + 20) / 2.0, (5 + 20) / 2.0, (6 + 30) / 2.0);
        Reading other = both.sections(1).get(0).reading();
        assertThat(other.start()).containsExactly((7 - 4) / 2.0);
        assertThat(other.end()).containsExactly((8 + 20) / 2.0);
        double starts = 1 + Math.exp(-1.5) + Math.exp(6) + Math.exp(-0.5) + Math.exp(1.5);
        double ends = 1 + Math.exp(12) + Math.exp(12.5) + Math.exp(18) + Math.exp(14);
        assertThat(both.logProbability(0)).isCloseTo(-Math.log(starts) - Math.log(ends), within(ROUNDING));
    }

    @Test
    void cutsTheSpansOfAWindowWhereASecondReadingBeginsAndEnds() {
        SpanScores both =
                SpanScores.of(List.of(reading(0, 0, 0, 0, 0, 0, 0))).with(List.of(reading(1, 0, 0), reading(4, 0)));
        assertThat(both.sections(0)).extracting(Section::from).containsExactly(0, 1, 3, 4, 5);
        assertThat(both.sections(0)).extracting(Section::to).containsExactly(1, 3, 4, 5, 6);
        assertThat(both.sections(0)).extracting(Section::limit).containsExactly(1, 3, 4, 5, 6);
    }
}
