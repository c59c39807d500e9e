package org.distilqa.benchmarks.measurement;

import java.util.Arrays;
import java.util.Collection;

/** Statistics of measured values. */
public final class Samples {
    private Samples() {}

    /** The middle value; of an even number of values the mean of the two in the middle. */
    public static double median(double... values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static double median(Collection<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * The smallest value that is not exceeded by at least {@code percent} of a hundred values (the nearest rank). Of fewer
     * than a hundred values the 99th percentile is the largest.
     */
    public static double percentile(double percent, double... values) {
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }

    private static double[] sorted(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
