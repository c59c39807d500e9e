package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class NetworkChartTest {
    private static final NetworkResults RESULTS = SampleResults.network();

    private static SvgElements chart() throws Exception {
        return SvgElements.of(NetworkChart.svg(RESULTS, "small", SampleResults.MACHINE));
    }

    @Test
    void isWellFormedAndNamesEveryShapeContenderAndFigure() throws Exception {
        SvgElements chart = chart();
        assertThat(chart.root().getTagName()).isEqualTo("svg");
        assertThat(chart.named("text"))
                .extracting(Element::getTextContent)
                .contains("1x32", "8x384", "DistilQA cpu", "ONNX Runtime (fused)", "ONNX Runtime (int8)")
                .contains("50.0 (50% of peak)", "40.0 (40% of peak)", "25.0 (25% of peak)", "16.7 (17% of peak)")
                .contains(
                        "200 (50% of int8 peak)",
                        "float32 peak 100", "A <fast> & \"wide\" processor, 2 cores, A JVM 17");
    }

    @Test
    void barsAreAsLongAsTheirFigures() throws Exception {
        // The background, a square for each of three contenders in the legend, then the bars in the rows' order.
        List<Double> widths = chart().named("rect").stream()
                .skip(4)
                .map(bar -> Double.valueOf(bar.getAttribute("width")))
                .toList();
        assertThat(widths).hasSize(RESULTS.rows().size());
        for (int i = 0; i < widths.size(); i++) {
            double expected =
                    RESULTS.rows().get(i).gflops() / RESULTS.rows().get(2).gflops();
            assertThat(widths.get(i) / widths.get(2)).isBetween(expected - 0.001, expected + 0.001);
        }
    }

    @Test
    void everythingLiesWithinThePicture() throws Exception {
        assertThat(chart().named("rect")).hasSizeGreaterThan(RESULTS.rows().size());
        chart().assertAllWithin();
    }

    @Test
    void showsOnlyTheBestPeerOfAPrecision() throws Exception {
        List<NetworkResults.Row> rows = new ArrayList<>(RESULTS.rows());
        Contender slow = Contender.parse("onnxruntime,graph=plain");
        for (NetworkResults.Row row : RESULTS.rows()) {
            if (row.contender().equals(SampleResults.FUSED)) {
                List<double[]> slower = List.of(new double[] {2 * row.median()});
                rows.add(new NetworkResults.Row(row.shape(), slow, row.operations(), slower, row.ratio()));
            }
        }
        NetworkResults results = new NetworkResults(
                RESULTS.peaks(), RESULTS.instructions(), RESULTS.contenders(), RESULTS.differences(), rows);
        assertThat(NetworkChart.svg(results, "small", SampleResults.MACHINE))
                .isEqualTo(NetworkChart.svg(RESULTS, "small", SampleResults.MACHINE));
    }

    @Test
    void bringsItsOwnBackground() throws Exception {
        SvgElements chart = chart();
        Element background = chart.named("rect").get(0);
        assertThat(background.getAttribute("fill")).isEqualTo("#ffffff");
        assertThat(SvgElements.number(background, "width")).isEqualTo(SvgElements.number(chart.root(), "width") - 1);
    }
}
