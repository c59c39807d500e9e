package org.distilqa.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.distilqa.device.Logits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepBenchmarkTest {
    @ParameterizedTest
    @EnumSource
    void runsEveryStep(StepBenchmark.Step step) {
        StepBenchmark benchmark = new StepBenchmark();
        benchmark.device = "cpu;threads=1";
        benchmark.shape = "2x3";
        benchmark.step = step;
        benchmark.open();
        try {
            Logits logits = benchmark.run();
            assertThat(logits.size()).isEqualTo(2);
            for (float logit : logits.start(1)) {
                assertThat(logit).isFinite();
            }
        } finally {
            benchmark.close();
        }
    }
}
