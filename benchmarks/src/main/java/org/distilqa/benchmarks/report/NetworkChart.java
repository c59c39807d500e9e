package org.distilqa.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.measurement.NetworkResults;

/**
 * A chart of the network's speed as SVG: for each shape a bar for each of our contenders and for the best peer of each precision,
 * and the processor's peak as a line.
 */
final class NetworkChart {
    /** Ours are blue and green. */
    private static final List<String> OURS = List.of(Svg.BLUE, Svg.GREEN, Svg.SKY, Svg.NAVY);

    private static final List<String> PEERS = List.of(Svg.ORANGE, Svg.VERMILION, Svg.GREY, Svg.PINK);

    /** The precision whose peak is drawn. */
    private static final String PEAK = "float32";

    private static final int LEFT = 72;
    private static final int RIGHT = 190;
    private static final int BAR = 17;
    private static final int GAP = 16;
    private static final int LEGEND_LINE = 20;
    private static final int TOP = 62;

    private final NetworkResults results;
    private final List<NetworkResults.Row> rows;
    private final Svg svg;
    private final Map<Contender, String> colours = new LinkedHashMap<>();
    private final double scale;

    private NetworkChart(NetworkResults results, String model, Machine machine) {
        this.results = results;
        Set<Contender> best = bestPeers(results);
        this.rows = results.rows().stream()
                .filter(row -> !row.contender().isPeer() || best.contains(row.contender()))
                .toList();
        int ours = 0;
        int peers = 0;
        for (NetworkResults.Row row : rows) {
            if (!colours.containsKey(row.contender())) {
                colours.put(
                        row.contender(),
                        row.contender().isPeer() ? PEERS.get(peers++ % PEERS.size()) : OURS.get(ours++ % OURS.size()));
            }
        }
        double largest =
                rows.stream().mapToDouble(NetworkResults.Row::gflops).max().orElse(1);
        this.scale = (Svg.WIDTH - LEFT - RIGHT)
                / Math.max(largest, results.peak(PEAK).orElse(0));
        this.svg = new Svg(
                bars() + results.shapes().size() * GAP + rows.size() * BAR + 34,
                "Question answering, model " + model + ", GFLOPS (more is better)",
                machine);
    }

    /** Where the bars begin, below the legend. */
    private int bars() {
        return TOP + LEGEND_LINE * ((colours.size() + 1) / 2) + GAP;
    }

    public static String svg(NetworkResults results, String model, Machine machine) {
        return new NetworkChart(results, model, machine).draw();
    }

    /** Of each precision the peer whose times have the smallest product over all shapes. */
    private static Set<Contender> bestPeers(NetworkResults results) {
        Map<String, Map<Contender, Double>> logarithms = new LinkedHashMap<>();
        for (NetworkResults.Row row : results.rows()) {
            if (row.contender().isPeer()) {
                logarithms
                        .computeIfAbsent(row.contender().precision(), precision -> new LinkedHashMap<>())
                        .merge(row.contender(), Math.log(row.median()), Double::sum);
            }
        }
        return logarithms.values().stream()
                .map(peers -> peers.entrySet().stream()
                        .min(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey())
                .collect(Collectors.toSet());
    }

    private String draw() {
        legend();
        int y = bars();
        for (InputShape shape : results.shapes()) {
            List<NetworkResults.Row> bars =
                    rows.stream().filter(row -> row.shape().equals(shape)).toList();
            svg.text(LEFT - 10, y + bars.size() * BAR / 2 + 4, "end", Svg.INK, "font-weight=\"600\"", shape.toString());
            for (NetworkResults.Row row : bars) {
                bar(row, y);
                y += BAR;
            }
            y += GAP;
        }
        int bottom = y - GAP;
        peak(bars(), bottom);
        svg.text(
                16,
                bottom + GAP + 22,
                "start",
                Svg.PALE_INK,
                "",
                "sequences x tokens; float32 unless the name says otherwise");
        return svg.end();
    }

    private void legend() {
        int i = 0;
        for (Map.Entry<Contender, String> entry : colours.entrySet()) {
            int x = 16 + i % 2 * (Svg.WIDTH / 2);
            int y = TOP + i / 2 * LEGEND_LINE;
            svg.rectangle(x, y, 12, 12, entry.getValue());
            svg.text(x + 18, y + 10, "start", Svg.INK, "", entry.getKey().label());
            i++;
        }
    }

    private void bar(NetworkResults.Row row, int y) {
        double width = row.gflops() * scale;
        svg.rectangle(LEFT, y + 1, Math.max(1, width), BAR - 2, colours.get(row.contender()));
        OptionalDouble share = results.shareOfPeak(row);
        String precision = row.contender().precision();
        String peak = precision.equals(PEAK) ? " of peak)" : " of " + precision + " peak)";
        String value = Figures.three(row.gflops()) + (share.isPresent() ? " (" + Figures.percent(share) + peak : "");
        svg.text(LEFT + width + 6, y + BAR - 4, "start", Svg.INK, "font-size=\"11\"", value);
    }

    private void peak(int top, int bottom) {
        results.peak(PEAK).ifPresent(peak -> {
            double x = LEFT + peak * scale;
            svg.verticalLine(x, top - 6, bottom + 4);
            svg.text(x, bottom + 18, "middle", Svg.PALE_INK, "font-size=\"11\"", PEAK + " peak " + Figures.three(peak));
        });
    }
}
