package org.distilqa.benchmarks.measurement;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.worker.Reply;

/**
 * What the network alone takes.
 *
 * @param peaks for each precision whose multiply-adds could be measured, their rate in every round, in GFLOPS
 * @param instructions what those multiply-adds are, by precision
 * @param contenders what each contender is and how it is set, in the order of the command line
 * @param differences for each contender, the largest difference of a logit from the first float32 contender's
 * @param rows a row for each shape and contender, ordered by shape
 */
public record NetworkResults(
        Map<String, List<Double>> peaks,
        Map<String, String> instructions,
        Map<Contender, Reply.Ready> contenders,
        Map<Contender, Double> differences,
        List<Row> rows) {

    /**
     * A contender's times for a shape.
     *
     * @param shape the shape
     * @param contender the contender
     * @param operations the floating-point operations of a run
     * @param rounds for each round, the time of each run in milliseconds
     * @param ratio how many times as fast as the best peer of the same precision: the median over the rounds of the ratio of
     *     the two medians of the round; empty if there is no such peer
     */
    public record Row(
            InputShape shape, Contender contender, long operations, List<double[]> rounds, OptionalDouble ratio) {

        public double[] milliseconds() {
            return rounds.stream().flatMapToDouble(Arrays::stream).toArray();
        }

        public double median() {
            return Samples.median(milliseconds());
        }

        public double p99() {
            return Samples.percentile(99, milliseconds());
        }

        /** Thousands of millions of operations a second, at the median. */
        public double gflops() {
            return operations / (median() * 1e6);
        }
    }

    /**
     * What the processor can do in a precision: the best round's rate, since whatever else runs on the machine can only lower
     * it. Empty if it was not measured.
     */
    public OptionalDouble peak(String precision) {
        return peaks.getOrDefault(precision, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .max();
    }

    /** Of the peak in the contender's own precision. */
    public OptionalDouble shareOfPeak(Row row) {
        OptionalDouble peak = peak(row.contender().precision());
        return peak.isPresent() ? OptionalDouble.of(row.gflops() / peak.getAsDouble()) : peak;
    }

    public List<InputShape> shapes() {
        return rows.stream().map(Row::shape).distinct().toList();
    }
}
