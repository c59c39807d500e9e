package org.distilqa.benchmarks.report;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** How figures are written for people. */
public final class Figures {
    /** Where a figure does not exist. */
    static final String NONE = "-";

    private Figures() {}

    /** Three digits, which is what such measurements are good for. */
    static String three(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** One digit after the point. */
    public static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String megabytes(double bytes) {
        return three(bytes / (1 << 20));
    }

    static String ratio(OptionalDouble value) {
        return optional(value, number -> String.format(Locale.ROOT, "%.2f", number));
    }

    static String percent(OptionalDouble value) {
        return optional(value, number -> String.format(Locale.ROOT, "%.0f%%", 100 * number));
    }

    static String optional(OptionalDouble value, DoubleFunction<String> format) {
        return value.isPresent() ? format.apply(value.getAsDouble()) : NONE;
    }
}
