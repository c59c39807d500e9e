package org.distilqa.benchmarks.study;

import java.util.Arrays;
import java.util.Random;

/**
 * How sure a difference of two means over the same cases is: cases are drawn again and again, with replacement, and the differences
 * of the means sorted (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
 *
 * @param difference the difference of the means
 * @param low 2.5 % of the draws have less
 * @param high 2.5 % of the draws have more
 */
record PairedBootstrap(double difference, double low, double high) {
    private static final int DRAWS = 10_000;

    /** The mean of {@code values} less the mean of {@code base}, case by case. */
    static PairedBootstrap of(double[] values, double[] base) {
        double[] differences = new double[values.length];
        Arrays.setAll(differences, i -> values[i] - base[i]);
        Random random = new Random(1);
        double[] means = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += differences[random.nextInt(differences.length)];
            }
            means[draw] = sum / differences.length;
        }
        Arrays.sort(means);
        return new PairedBootstrap(
                Arrays.stream(differences).average().orElseThrow(),
                means[(int) (0.025 * DRAWS)],
                means[(int) (0.975 * DRAWS) - 1]);
    }
}
