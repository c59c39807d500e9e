package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ServiceChartTest {
    private static List<Element> elements(String name) throws Exception {
        return SvgElements.of(ServiceChart.svg(SampleResults.service(), SampleResults.MACHINE))
                .named(name);
    }

    @Test
    void namesEveryWayAndFigure() throws Exception {
        assertThat(elements("text"))
                .extracting(Element::getTextContent)
                .contains(
                        "no book",
                        "beside the book, in turn",
                        "beside the book, first come, first served",
                        "2.00",
                        "40.0",
                        "20000");
    }

    @Test
    void equalRatiosAreEqualDistances() throws Exception {
        // The background, three squares of the legend, then half, 99 of a hundred and the slowest of each way.
        List<Double> widths = elements("rect").stream()
                .skip(4)
                .map(bar -> Double.valueOf(bar.getAttribute("width")))
                .toList();
        assertThat(widths).hasSize(9).allSatisfy(width -> assertThat(width).isBetween(10.0, 860.0));
        // 2 to 20 and 4 to 40 are ten times; the widths are written with one digit after the point.
        assertThat(widths.get(3) - widths.get(0))
                .isBetween(widths.get(4) - widths.get(1) - 0.2, widths.get(4) - widths.get(1) + 0.2);
    }

    @Test
    void everythingLiesWithinThePicture() throws Exception {
        SvgElements.of(ServiceChart.svg(SampleResults.service(), SampleResults.MACHINE))
                .assertAllWithin();
    }
}
