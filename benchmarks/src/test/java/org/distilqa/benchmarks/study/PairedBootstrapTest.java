package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    @Test
    void isSureOfADifferenceThatEveryCaseHas() {
        PairedBootstrap bootstrap = PairedBootstrap.of(new double[] {3, 4, 5}, new double[] {1, 2, 3});
        assertThat(bootstrap).isEqualTo(new PairedBootstrap(2, 2, 2));
    }

    @Test
    void givesTheIntervalOfTheNormalDistributionWhereThatHolds() {
        // 400 differences of deviation 1: the mean is off by 0.05, so 95 % of the means lie within 0.098 of it.
        Random random = new Random(4);
        double[] values =
                random.doubles(400).map(ignored -> 1 + random.nextGaussian()).toArray();
        PairedBootstrap bootstrap = PairedBootstrap.of(values, new double[400]);
        assertThat(bootstrap.difference()).isCloseTo(1, within(0.15));
        assertThat(bootstrap.high() - bootstrap.difference()).isCloseTo(0.098, within(0.015));
        assertThat(bootstrap.difference() - bootstrap.low()).isCloseTo(0.098, within(0.015));
    }
}
