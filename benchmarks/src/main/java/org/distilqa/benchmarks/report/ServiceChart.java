package org.distilqa.benchmarks.report;

import java.util.List;
import org.distilqa.benchmarks.service.ServiceResults;

/** A chart of how long questions take in a service, as SVG: half, 99 of a hundred and the slowest, on a logarithmic scale. */
final class ServiceChart {
    private static final List<Double> PERCENTS = List.of(50.0, 99.0, 100.0);
    private static final List<String> NAMES = List.of("half of them within", "99 of a hundred within", "the slowest");
    private static final List<String> COLOURS = List.of(Svg.SKY, Svg.BLUE, Svg.VERMILION);

    private static final int LEFT = 300;
    private static final int RIGHT = 90;
    private static final int BAR = 17;
    private static final int GAP = 16;
    private static final int LEGEND = 62;
    private static final int TOP = 92;

    private final ServiceResults results;
    private final Svg svg;

    /** Where the scale begins and how many units of the picture a factor of e is. */
    private final double origin;

    private final double scale;

    private ServiceChart(ServiceResults results, Machine machine) {
        this.results = results;
        this.svg = new Svg(
                TOP + results.rows().size() * (PERCENTS.size() * BAR + GAP) + 20,
                "Questions of one window in a service, milliseconds (less is better)",
                machine);
        double least = results.rows().stream()
                .mapToDouble(row -> row.percentile(PERCENTS.get(0)))
                .min()
                .orElse(1);
        double most = results.rows().stream()
                .mapToDouble(row -> row.percentile(100))
                .max()
                .orElse(1);
        // The shortest bar is a tenth of the longest, so that it can be seen.
        this.origin = Math.log(least) - (Math.log(most) - Math.log(least)) / 9 - 0.1;
        this.scale = (Svg.WIDTH - LEFT - RIGHT) / (Math.log(most) - origin);
    }

    static String svg(ServiceResults results, Machine machine) {
        return new ServiceChart(results, machine).draw();
    }

    private String draw() {
        for (int i = 0; i < NAMES.size(); i++) {
            svg.rectangle(16 + 190.0 * i, LEGEND, 12, 12, COLOURS.get(i));
            svg.text(34 + 190.0 * i, LEGEND + 10.0, "start", Svg.INK, "", NAMES.get(i));
        }
        int y = TOP;
        for (ServiceResults.Row row : results.rows()) {
            bars(row, y);
            y += PERCENTS.size() * BAR + GAP;
        }
        String scales = results.threads() + " threads; a book of " + results.bookCharacters()
                + " characters; the scale is logarithmic";
        svg.text(16, y + 8.0, "start", Svg.PALE_INK, "", scales);
        return svg.end();
    }

    private void bars(ServiceResults.Row row, int top) {
        svg.text(LEFT - 10.0, top + PERCENTS.size() * BAR / 2.0 + 4, "end", Svg.INK, "font-weight=\"600\"", row.way());
        for (int i = 0; i < PERCENTS.size(); i++) {
            double value = row.percentile(PERCENTS.get(i));
            double width = (Math.log(value) - origin) * scale;
            int y = top + i * BAR;
            svg.rectangle(LEFT, y + 1.0, width, BAR - 2.0, COLOURS.get(i));
            svg.text(LEFT + width + 6, y + BAR - 4.0, "start", Svg.INK, "font-size=\"11\"", Figures.three(value));
        }
    }
}
