package org.distilqa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture for a web page, as text. It brings its own background, so that it can be read on a light and on a dark page. The
 * colours are ones that people who see colours differently can tell apart (Okabe and Ito, 2008).
 */
final class Svg {
    static final int WIDTH = 860;
    static final String BLUE = "#0072B2";
    static final String GREEN = "#009E73";
    static final String SKY = "#56B4E9";
    static final String NAVY = "#00395C";
    static final String ORANGE = "#E69F00";
    static final String VERMILION = "#D55E00";
    static final String PINK = "#CC79A7";
    static final String GREY = "#B0B0B0";
    static final String INK = "#1f2328";
    static final String PALE_INK = "#59636e";

    private final StringBuilder svg = new StringBuilder();

    /** A picture with a title and a line that says where it was measured. */
    Svg(int height, String title, Machine machine) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " font-family=\"-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"12\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("<title>").append(escape(title)).append("</title>\n");
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>%n",
                WIDTH - 1,
                height - 1));
        text(16, 26, "start", INK, "font-size=\"16\" font-weight=\"600\"", title);
        text(16, 46, "start", PALE_INK, "", machine.inShort());
    }

    void rectangle(double x, double y, double width, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour));
    }

    void verticalLine(double x, int top, int bottom) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>%n",
                x,
                top,
                x,
                bottom,
                PALE_INK));
    }

    void text(double x, double y, String anchor, String colour, String more, String text) {
        List<String> attributes = new ArrayList<>(List.of(
                String.format(Locale.ROOT, "x=\"%.1f\" y=\"%.1f\"", x, y),
                "text-anchor=\"" + anchor + "\"",
                "fill=\"" + colour + "\""));
        if (!more.isEmpty()) {
            attributes.add(more);
        }
        svg.append("<text ")
                .append(String.join(" ", attributes))
                .append('>')
                .append(escape(text))
                .append("</text>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The whole of it. */
    String end() {
        return svg + "</svg>\n";
    }
}
