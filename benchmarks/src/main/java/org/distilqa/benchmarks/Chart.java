package org.distilqa.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A chart of the network's speed as SVG: for each shape a bar for each contender, and the processor's peak as a line. It brings
 * its own background, so that it can be read on a light and on a dark page.
 */
final class Chart {
    /** Colours that people who see colours differently can tell apart (Okabe and Ito, 2008): ours blue and green. */
    private static final List<String> OURS = List.of("#0072B2", "#009E73", "#56B4E9");

    private static final List<String> PEERS = List.of("#E69F00", "#D55E00", "#B0B0B0", "#CC79A7");

    /** The precision whose peak is drawn. */
    private static final String PEAK = "float32";

    private static final int WIDTH = 860;
    private static final int LEFT = 72;
    private static final int RIGHT = 120;
    private static final int BAR = 17;
    private static final int GAP = 16;
    private static final int LEGEND_LINE = 20;
    private static final int TOP = 62;

    private final NetworkResults results;
    private final Machine machine;
    private final StringBuilder svg = new StringBuilder();
    private final Map<Contender, String> colours = new LinkedHashMap<>();
    private final double scale;

    private Chart(NetworkResults results, Machine machine) {
        this.results = results;
        this.machine = machine;
        int ours = 0;
        int peers = 0;
        for (NetworkResults.Row row : results.rows()) {
            if (!colours.containsKey(row.contender())) {
                colours.put(
                        row.contender(),
                        row.contender().isPeer() ? PEERS.get(peers++ % PEERS.size()) : OURS.get(ours++ % OURS.size()));
            }
        }
        double largest = results.rows().stream()
                .mapToDouble(NetworkResults.Row::gflops)
                .max()
                .orElse(1);
        this.scale =
                (WIDTH - LEFT - RIGHT) / Math.max(largest, results.peak(PEAK).orElse(0));
    }

    static String svg(NetworkResults results, Machine machine) {
        return new Chart(results, machine).draw();
    }

    private String draw() {
        int legendHeight = LEGEND_LINE * ((colours.size() + 1) / 2);
        int bars = TOP + legendHeight + GAP;
        int height = bars + results.shapes().size() * GAP + results.rows().size() * BAR + 34;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " font-family=\"-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"12\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        String title = "DistilBERT for question answering, GFLOPS (more is better)";
        svg.append("<title>").append(escape(title)).append("</title>\n");
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>%n",
                WIDTH - 1,
                height - 1));
        text(16, 26, "start", "#1f2328", "font-size=\"16\" font-weight=\"600\"", title);
        text(
                16,
                46,
                "start",
                "#59636e",
                "",
                machine.processor() + ", " + machine.processors() + " cores, " + machine.jdk());
        legend();
        int y = bars;
        for (InputShape shape : results.shapes()) {
            List<NetworkResults.Row> rows = results.rows().stream()
                    .filter(row -> row.shape().equals(shape))
                    .toList();
            text(LEFT - 10, y + rows.size() * BAR / 2 + 4, "end", "#1f2328", "font-weight=\"600\"", shape.toString());
            for (NetworkResults.Row row : rows) {
                bar(row, y);
                y += BAR;
            }
            y += GAP;
        }
        peak(bars, y - GAP);
        text(16, height - 12, "start", "#59636e", "", "sequences x tokens; float32 unless the name says otherwise");
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        int i = 0;
        for (Map.Entry<Contender, String> entry : colours.entrySet()) {
            int x = 16 + i % 2 * (WIDTH / 2);
            int y = TOP + i / 2 * LEGEND_LINE;
            rectangle(x, y, 12, 12, entry.getValue());
            text(x + 18, y + 10, "start", "#1f2328", "", entry.getKey().label());
            i++;
        }
    }

    private void bar(NetworkResults.Row row, int y) {
        double width = row.gflops() * scale;
        rectangle(LEFT, y + 1, Math.max(1, width), BAR - 2, colours.get(row.contender()));
        OptionalDouble share = results.shareOfPeak(row);
        String precision = row.contender().precision();
        String peak = precision.equals(PEAK) ? " of peak)" : " of " + precision + " peak)";
        String value = Report.figure(row.gflops()) + (share.isPresent() ? " (" + Report.percent(share) + peak : "");
        text(LEFT + width + 6, y + BAR - 4, "start", "#1f2328", "font-size=\"11\"", value);
    }

    private void peak(int top, int bottom) {
        results.peak(PEAK).ifPresent(peak -> {
            double x = LEFT + peak * scale;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#59636e\" stroke-dasharray=\"4 3\"/>%n",
                    x,
                    top - 6,
                    x,
                    bottom + 4));
            text(x, bottom + 18, "middle", "#59636e", "font-size=\"11\"", PEAK + " peak " + Report.figure(peak));
        });
    }

    private void rectangle(double x, double y, double width, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour));
    }

    private void text(double x, double y, String anchor, String colour, String more, String text) {
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
}
