package org.distilqa.benchmarks.peak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"int8", "bfloat16"})
    void everyChainDoesEveryMultiplyAddOfOtherPrecisions(String precision, @TempDir Path directory) throws Exception {
        Path library = compile(directory);
        MultiplyAdds loops;
        try {
            loops = new NativeMultiplyAdds(precision, library.toString());
        } catch (BenchmarkException e) {
            assumeTrue(false, e.getMessage());
            return;
        }
        // Ten times 2 * 2 in each product; all sums are whole and small, so they are exact.
        assertThat(loops.few(10, 2)).isEqualTo(10.0 * MultiplyAdds.FEW * loops.lanes() * 4);
        assertThat(loops.many(10, 2)).isEqualTo(10.0 * MultiplyAdds.MANY * loops.lanes() * 4);
    }

    private static Path compile(Path directory) throws Exception {
        Path library = directory.resolve("multiply_adds.so");
        try {
            int status = new ProcessBuilder(
                            "c++",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-shared",
                            "-fPIC",
                            "-o",
                            library.toString(),
                            "src/main/cpp/multiply_adds.cpp")
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(status).as("the compiler's status").isZero();
        } catch (IOException e) {
            assumeTrue(false, "there is no c++ on this machine");
        }
        return library;
    }

    @Test
    void saysWhyThereIsNoPeakOfOtherPrecisions() {
        assertThatThrownBy(() -> MultiplyAddSubject.of("int8", ""))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("C++ compiler");
        assertThatThrownBy(() -> MultiplyAddSubject.of("float16", ""))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("there are no multiply-adds of float16");
    }

    @Test
    void measuresARate() {
        try (Subject subject = MultiplyAddSubject.of("float32", "")) {
            Reply reply = subject.reply(new Command.MultiplyAndAdd(0.01));
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Rate.class, rate -> assertThat(rate.gflops()).isPositive());
        }
    }
}
