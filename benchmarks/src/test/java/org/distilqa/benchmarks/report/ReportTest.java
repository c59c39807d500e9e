package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportTest {
    /** Of every line of the report for a terminal. */
    private static List<List<String>> cells() {
        return Report.text(SampleResults.all())
                .lines()
                .map(line -> List.of(line.split("  +")))
                .toList();
    }

    @Test
    void givesTheNetworksFigures() {
        assertThat(cells())
                .contains(
                        List.of("1x32", "DistilQA cpu", "float32", "20.0", "30.0", "50.0", "50%", "1.25"),
                        List.of("8x384", "ONNX Runtime (fused)", "float32", "60.0", "60.0", "16.7", "17%", "1.00"),
                        List.of("1x32", "ONNX Runtime (int8)", "int8", "5.00", "5.00", "200", "50%", "-"));
    }

    @Test
    void givesTheFiguresOfWholeQuestionsAndBeginnings() {
        assertThat(cells())
                .contains(
                        List.of("DistilQA cpu", "batches", "float32", "8.00", "-", "-", "256", "2.00", "1.75"),
                        List.of("DJL (fused)", "one at a time", "float32", "4.00", "200", "500", "-", "1.00", "-"),
                        List.of("DistilQA cpu", "200", "512", "900"),
                        List.of("DJL (fused)", "-", "-", "1500"));
    }

    @Test
    void namesTheMachineTheOptionsAndEveryContendersSettings() {
        assertThat(Report.text(SampleResults.all()))
                .contains("A <fast> & \"wide\" processor (AVX-512, ", "AMX), 2 cores, 8 GB, An OS 1, A JVM 17")
                .contains("-Xoption")
                .contains("- DistilQA cpu: ours. threads: 2", "- DJL (fused): DJL. threads: 2")
                .contains("The peak in float32, 100 GFLOPS", "in registers (wide float32), the best of 2 rounds")
                .contains("The peak in int8, 400 GFLOPS");
    }

    @Test
    void givesTheFiguresOfAService() {
        assertThat(Report.markdown(SampleResults.all()))
                .contains("| no book | 4 | 2.00 | 4.00 | 4.00 | 4.00 | 2.00 | - |\n")
                .contains("| beside the book, in turn | 4 | 20.0 | 40.0 | 40.0 | 40.0 | 1.00 | 25.0 |\n")
                .contains("16 threads ask", "2000000 characters")
                .contains("waited for 2 batches at most before its own (3 questions)")
                .contains("REJECT answered in 0.02 ms, 99 of a hundred within 0.50")
                .contains("free after 0.40 ms, the slowest of 3 after 3.00")
                .contains("close() under this load took 1234 ms; closeTimeout was 5000");
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        Results all = SampleResults.all();
        Results some = new Results(
                all.time(),
                all.machine(),
                all.jvmOptions(),
                List.of(new ModelResults("small", all.models().get(0).network(), Optional.empty(), Optional.empty())),
                Optional.empty());
        assertThat(Report.text(some))
                .contains("The network alone")
                .doesNotContain("Whole questions", "Beginnings", "In a service");
    }

    @Test
    void writesMarkdown() {
        assertThat(Report.markdown(SampleResults.all()))
                .contains("### The network alone: small\n\n| shape | contender |")
                .contains("| 1x32 | DistilQA cpu | float32 | 20.0 | 30.0 | 50.0 | 50% | 1.25 |\n");
    }

    @Test
    void beginsWithWhatIsLookedAtFirst() {
        assertThat(Report.markdown(SampleResults.all())).contains("""
                        ### In short: small, milliseconds

                        | batch x tokens | DistilQA cpu | best peer, float32 | times as fast |
                        |---|---:|---:|---:|
                        | 1 x 32 | 20.0 | 25.0 ONNX Runtime | 1.25 |
                        | 8 x 384 | 40.0 | 60.0 ONNX Runtime | 1.50 |
                        """).contains("""
                        | contender | precision | batches | one at a time | the network alone |""" + """
                         first answer of a new process, s | memory, MB |
                        |---|---|---:|---:|---:|---:|---:|
                        | DistilQA cpu | float32 | 8.00 | - | - | 0.90 | 512 |
                        | DJL (fused) | float32 | 10.0 | 4.00 | - | 1.50 | - |
                        """);
    }

    @Test
    void roundsToThreeDigits() {
        assertThat(Figures.three(1234.5)).isEqualTo("1235");
        assertThat(Figures.three(12.345)).isEqualTo("12.3");
        assertThat(Figures.three(1.2345)).isEqualTo("1.23");
        assertThat(Figures.ratio(OptionalDouble.empty())).isEqualTo("-");
    }
}
