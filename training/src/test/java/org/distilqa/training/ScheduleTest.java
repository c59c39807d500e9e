package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private final Schedule schedule = new Schedule(1, 10, 100, 0.5);

    @Test
    void risesStaysAndFalls() {
        assertThat(schedule.rate(0)).isCloseTo(0.1, within(1e-9));
        assertThat(schedule.rate(20)).isCloseTo(1, within(1e-9));
        assertThat(schedule.rate(75)).isCloseTo(0.5, within(1e-9));
        assertThat(schedule.rate(99)).isCloseTo(0.02, within(1e-9));
    }

    @Test
    void neverGrowsOnceItFalls() {
        for (int step = 50; step < 99; step++) {
            assertThat(schedule.rate(step + 1)).isLessThanOrEqualTo(schedule.rate(step));
        }
    }
}
