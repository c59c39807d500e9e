package org.distilqa.benchmarks.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsTheMiddleValueOrTheMeanOfTheTwo() {
        assertThat(Samples.median(5)).isEqualTo(5);
        assertThat(Samples.median(9, 1, 5)).isEqualTo(5);
        assertThat(Samples.median(9, 1, 5, 7)).isEqualTo(6);
        assertThat(Samples.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    }

    @Test
    void thePercentileIsTheNearestRank() {
        double[] hundred = IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray();
        assertThat(Samples.percentile(99, hundred)).isEqualTo(99);
        assertThat(Samples.percentile(50, hundred)).isEqualTo(50);
        assertThat(Samples.percentile(99, 3, 1, 2)).isEqualTo(3);
        assertThat(Samples.percentile(0, 3, 1, 2)).isEqualTo(1);
    }

    @Test
    void leavesTheValuesAsTheyWere() {
        double[] values = {3, 1, 2};
        Samples.median(values);
        Samples.percentile(99, values);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void refusesNoValues() {
        assertThatThrownBy(Samples::median).isInstanceOf(IllegalArgumentException.class);
    }
}
