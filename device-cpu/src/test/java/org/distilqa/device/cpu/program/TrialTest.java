package org.distilqa.device.cpu.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrialTest {

    @Test
    void all_ways_are_taken_equally_often_and_then_only_the_fastest() {
        Trial trial = new Trial(3);
        int[] taken = new int[3];
        for (int i = 0; i < 24; i++) {
            int way = trial.next();
            taken[way]++;
            trial.took(way, way == 1 ? 500 : 700);
        }
        assertThat(taken).containsExactly(8, 8, 8);
        for (int i = 0; i < 10; i++) {
            assertThat(trial.next()).isEqualTo(1);
            trial.took(1, 10_000);
        }
    }

    @Test
    void one_slow_time_does_not_decide() {
        Trial trial = new Trial(2);
        for (int i = 0; i < 16; i++) {
            int way = trial.next();
            trial.took(way, way == 1 && i < 12 ? 9000 : way == 1 ? 400 : 600);
        }
        assertThat(trial.next()).isEqualTo(1);
    }
}
