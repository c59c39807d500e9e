package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {
    private static final NetworkResults RESULTS = SampleResults.network();

    private static Document chart() throws Exception {
        String svg = Chart.svg(RESULTS, "small", SampleResults.MACHINE);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void isWellFormedAndNamesEveryShapeContenderAndFigure() throws Exception {
        Document chart = chart();
        assertThat(chart.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(elements(chart, "text"))
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
        List<Double> widths = elements(chart(), "rect").stream()
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
        Document chart = chart();
        double height = Double.parseDouble(chart.getDocumentElement().getAttribute("height"));
        double width = Double.parseDouble(chart.getDocumentElement().getAttribute("width"));
        for (Element element : elements(chart, "text")) {
            assertThat(Double.parseDouble(element.getAttribute("y"))).isBetween(0.0, height);
        }
        for (Element element : elements(chart, "rect")) {
            assertThat(Double.parseDouble(element.getAttribute("x"))
                            + Double.parseDouble(element.getAttribute("width")))
                    .isLessThanOrEqualTo(width);
            assertThat(Double.parseDouble(element.getAttribute("y"))
                            + Double.parseDouble(element.getAttribute("height")))
                    .isLessThanOrEqualTo(height);
        }
    }

    @Test
    void showsOnlyTheBestPeerOfAPrecision() throws Exception {
        List<NetworkResults.Row> rows = new ArrayList<>(RESULTS.rows());
        Contender slow = Contender.parse("onnxruntime,graph=plain");
        for (NetworkResults.Row row : RESULTS.rows()) {
            if (row.contender().equals(SampleResults.FUSED)) {
                List<double[]> slower = List.of(new double[] {2 * row.median()});
                rows.add(new NetworkResults.Row(
                        row.shape(), slow, row.operations(), slower, row.ratio(), row.ratioOfMedians()));
            }
        }
        NetworkResults results = new NetworkResults(
                RESULTS.peaks(), RESULTS.instructions(), RESULTS.contenders(), RESULTS.differences(), rows);
        assertThat(Chart.svg(results, "small", SampleResults.MACHINE))
                .isEqualTo(Chart.svg(RESULTS, "small", SampleResults.MACHINE));
    }

    @Test
    void bringsItsOwnBackgroundAndNoScript() throws Exception {
        Document chart = chart();
        assertThat(elements(chart, "rect").get(0).getAttribute("fill")).isEqualTo("#ffffff");
        assertThat(elements(chart, "script")).isEmpty();
    }
}
