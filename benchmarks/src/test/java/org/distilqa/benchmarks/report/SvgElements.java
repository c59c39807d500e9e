package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A chart, read as XML. */
record SvgElements(Document document) {
    /** As a part of the size of the font. */
    private static final double WIDTH_OF_CHARACTER = 0.56;

    static SvgElements of(String svg) throws Exception {
        return new SvgElements(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))));
    }

    Element root() {
        return document.getDocumentElement();
    }

    List<Element> named(String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Nothing is cut off at an edge. How wide a text is depends on the fonts of whoever looks: near enough, as Helvetica is. */
    void assertAllWithin() {
        double width = number(root(), "width");
        double height = number(root(), "height");
        assertThat(named("text")).hasSizeGreaterThan(10).allSatisfy(text -> {
            double size = text.hasAttribute("font-size") ? number(text, "font-size") : number(root(), "font-size");
            double length = WIDTH_OF_CHARACTER * size * text.getTextContent().length();
            double right = number(text, "x")
                    + switch (text.getAttribute("text-anchor")) {
                        case "start" -> length;
                        case "middle" -> length / 2;
                        default -> 0;
                    };
            double left = right - length;
            assertThat(left).as(text.getTextContent()).isNotNegative();
            assertThat(right).as(text.getTextContent()).isLessThanOrEqualTo(width);
            assertThat(number(text, "y")).isBetween(0.0, height);
        });
        assertThat(named("rect")).allSatisfy(bar -> {
            assertThat(number(bar, "x") + number(bar, "width")).isLessThanOrEqualTo(width);
            assertThat(number(bar, "y") + number(bar, "height")).isLessThanOrEqualTo(height);
        });
    }

    static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
