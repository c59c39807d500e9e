package org.distilqa.benchmarks.peak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplyAddsTest {
    @TempDir
    private static Path directory;

    private static String library;

    @BeforeAll
    static void compile() throws InterruptedException {
        Optional<Path> compiled = MultiplyAddsLibrary.compile(directory);
        assumeTrue(compiled.isPresent(), "there is no c++ on this machine");
        library = compiled.orElseThrow().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16", "int8"})
    void everyChainDoesEveryMultiplyAdd(String precision) {
        MultiplyAdds loops = new MultiplyAdds(precision, library);
        assumeTrue(loops.areThere(), "this processor has no instruction that multiplies and adds " + precision);
        // Ten times 2 * 2 in each product; all sums are whole and small, so they are exact.
        assertThat(loops.few(10, 2)).isEqualTo(10.0 * MultiplyAdds.FEW * loops.lanes() * 4);
        assertThat(loops.many(10, 2)).isEqualTo(10.0 * MultiplyAdds.MANY * loops.lanes() * 4);
    }

    @Test
    void saysWhyThereIsNoPeak() {
        assertThatThrownBy(() -> new MultiplyAdds("int8", ""))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("C++ compiler");
        assertThatThrownBy(() -> new MultiplyAdds("float16", library))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("distilqa_float16_name");
    }

    /** One core makes at least a multiplication a clock and at most some thousands, at a thousand to ten thousand million a second. */
    @Test
    void measuresARate() {
        assumeTrue(new MultiplyAdds("float32", library).areThere(), "this processor has no multiply-adds of float32");
        try (MultiplyAddSubject subject = new MultiplyAddSubject("float32", library)) {
            assertThat(subject.reply(new Command.MultiplyAndAdd(0.1)))
                    .isInstanceOfSatisfying(
                            Reply.Rate.class,
                            rate -> assertThat(rate.gflops())
                                    .isBetween(1.0, 1e4 * Runtime.getRuntime().availableProcessors()));
        }
    }
}
