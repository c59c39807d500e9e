package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MultiplyAddsTest {
    @Test
    void everyChainDoesEveryMultiplyAdd() {
        MultiplyAdds loops = new VectorMultiplyAdds();
        // Chain i starts with i in every lane and adds 2 * 2 ten times. All sums are whole and small, so they are
        // exact.
        int few = IntStream.range(0, MultiplyAdds.FEW).map(i -> i + 40).sum();
        int many = IntStream.range(0, MultiplyAdds.MANY).map(i -> i + 40).sum();
        assertThat(loops.few(10, 2)).isEqualTo(few * loops.lanes());
        assertThat(loops.many(10, 2)).isEqualTo(many * loops.lanes());
    }

    @Test
    void measuresARate() {
        try (Subject subject = new MultiplyAddSubject()) {
            Reply reply = subject.reply(new Command.MultiplyAndAdd(0.01));
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Rate.class, rate -> assertThat(rate.gflops()).isPositive());
        }
    }
}
