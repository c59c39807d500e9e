package org.distilqa.benchmarks.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void comparesWithTheBestOtherOfEachRound() {
        List<Double> times = List.of(10.0, 10.0, 10.0);
        List<List<Double>> others = List.of(List.of(20.0, 40.0, 15.0), List.of(30.0, 12.0, 18.0));
        // The best others take 20, 12 and 15: twice, 1.2 times and 1.5 times as long.
        assertThat(Ratio.byRound(times, others)).hasValue(1.5);
    }

    @Test
    void isNotMovedByARoundInWhichTheMachineWasSlow() {
        assertThat(Ratio.byRound(List.of(10.0, 100.0, 10.0), List.of(List.of(20.0, 200.0, 20.0))))
                .hasValue(2);
    }

    @Test
    void isOneForTheBestItself() {
        List<Double> times = List.of(3.0, 4.0);
        assertThat(Ratio.byRound(times, List.of(times))).hasValue(1);
    }

    @Test
    void thereIsNoneWithoutOthers() {
        assertThat(Ratio.byRound(List.of(1.0), List.of())).isEmpty();
    }
}
