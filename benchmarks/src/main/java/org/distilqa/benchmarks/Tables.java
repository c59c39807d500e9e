package org.distilqa.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;

/** The results as tables. */
final class Tables {
    /** Where a figure does not exist. */
    static final String NONE = "-";

    private Tables() {}

    static Table network(NetworkResults results) {
        Table table = new Table(
                "<shape", "<contender", "<precision", "median ms", "p99 ms", "GFLOPS", "of peak", "ratio to best peer");
        for (NetworkResults.Row row : results.rows()) {
            table.add(
                    row.shape().toString(),
                    row.contender().label(),
                    row.contender().precision(),
                    figure(row.median()),
                    figure(row.p99()),
                    figure(row.gflops()),
                    percent(results.shareOfPeak(row)),
                    ratio(row.ratio()));
        }
        return table;
    }

    /** Three digits, which is what such measurements are good for. */
    static String figure(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    static String ratio(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : NONE;
    }

    static String percent(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.0f%%", 100 * value.getAsDouble()) : NONE;
    }
}
