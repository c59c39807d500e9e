package org.distilqa.benchmarks.measurement;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How many times as fast one is as the best of some others. */
final class Ratio {
    private Ratio() {}

    /**
     * The median over the rounds of what the best other took in a round, divided by what this one took in the same round. What
     * slows the machine for a while slows both sides of such a ratio; it does not those of a ratio of two medians over all.
     *
     * @param times this one's time in each round
     * @param others the others' times in each round
     * @return above 1 if this one is faster; empty if there are no others
     */
    static OptionalDouble byRound(List<Double> times, List<List<Double>> others) {
        if (others.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < times.size(); round++) {
            double best = Double.POSITIVE_INFINITY;
            for (List<Double> other : others) {
                best = Math.min(best, other.get(round));
            }
            ratios.add(best / times.get(round));
        }
        return OptionalDouble.of(Samples.median(ratios));
    }
}
