package org.distilqa.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.distilqa.device.Logits;
import org.distilqa.graph.Op;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepBenchmarkTest {
    private static final Map<StepBenchmark.Step, Class<? extends Op>> OPS = Map.of(
            StepBenchmark.Step.LAYER_NORM, Op.LayerNorm.class,
            StepBenchmark.Step.QUERY_KEY_VALUE, Op.Linear.class,
            StepBenchmark.Step.ATTENTION, Op.SelfAttention.class,
            StepBenchmark.Step.FEED_FORWARD_GELU, Op.Linear.class,
            StepBenchmark.Step.FEED_FORWARD_OUTPUT, Op.Linear.class);

    @ParameterizedTest
    @EnumSource
    void hasTheStepBetweenTheEmbeddingsAndTheHead(StepBenchmark.Step step) {
        var nodes = step.graph(new RandomParameters()).nodes();
        if (step == StepBenchmark.Step.EMBEDDINGS_AND_HEAD) {
            assertThat(nodes).hasSize(2);
        } else {
            assertThat(nodes).hasSize(3);
            assertThat(nodes.get(1).op()).isInstanceOf(OPS.get(step));
        }
    }

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
            assertThat(logits.start(1)).hasSize(3).doesNotHaveDuplicates();
            for (float logit : logits.start(1)) {
                assertThat(logit).isFinite();
            }
        } finally {
            benchmark.close();
        }
    }
}
