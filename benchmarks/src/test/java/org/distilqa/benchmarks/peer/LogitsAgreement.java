package org.distilqa.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.worker.Reply.LogitValues;
import org.distilqa.device.Logits;

/** Whether two programs computed the same. */
final class LogitsAgreement {
    /** How far apart an expected batch's logits must lie, in tolerances: what is all alike says nothing. */
    private static final double SPREAD = 100;

    private LogitsAgreement() {}

    /** Fails where a logit differs by the tolerance or more, or where the expected ones hardly differ among themselves. */
    static void requireClose(Logits actual, Logits expected, double tolerance) {
        LogitValues values = LogitValues.of(expected);
        DoubleSummaryStatistics spread = Arrays.stream(values.start())
                .flatMapToDouble(logits -> IntStream.range(0, logits.length).mapToDouble(i -> logits[i]))
                .summaryStatistics();
        assertThat(spread.getMax() - spread.getMin())
                .as("the spread of the logits")
                .isGreaterThan(SPREAD * tolerance);
        assertThat(LogitValues.of(actual).largestDifference(values)).isLessThan(tolerance);
    }
}
