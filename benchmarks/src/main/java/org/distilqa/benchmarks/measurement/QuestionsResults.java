package org.distilqa.benchmarks.measurement;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;

/**
 * How fast whole questions are answered.
 *
 * @param questions how many were answered by each
 * @param contenders what each contender is and how it is set
 * @param peakBytes the most memory that each contender's process had resident, where the system tells
 * @param rows a row for each contender and mode
 */
public record QuestionsResults(
        int questions, Map<Contender, Reply.Ready> contenders, Map<Contender, Long> peakBytes, List<Row> rows) {

    /**
     * A contender's times in a mode.
     *
     * @param contender the contender
     * @param mode how it was given the questions
     * @param slices for each slice of the questions the time of each call in milliseconds: of each question in mode
     *     {@code SINGLE}, of all questions of the slice together otherwise
     * @param ratio how many times as fast as the best peer of the same precision in the best of its ways, or, one at a time, as
     *     the best peer one at a time, or, the network alone, as the best network alone: the median over the slices; empty if no
     *     such peer takes part
     * @param ratioToNetwork the same to the best peer's network alone
     */
    public record Row(
            Contender contender,
            Command.Mode mode,
            List<double[]> slices,
            OptionalDouble ratio,
            OptionalDouble ratioToNetwork) {
        public List<Double> sliceMilliseconds() {
            return slices.stream().map(slice -> Arrays.stream(slice).sum()).toList();
        }

        public double milliseconds() {
            return sliceMilliseconds().stream().mapToDouble(Double::doubleValue).sum();
        }

        /** The times of single questions; empty in the other modes. */
        public double[] single() {
            return mode == Command.Mode.SINGLE
                    ? slices.stream().flatMapToDouble(Arrays::stream).toArray()
                    : new double[0];
        }
    }

    public OptionalDouble memory(Contender contender) {
        return peakBytes.containsKey(contender) ? OptionalDouble.of(peakBytes.get(contender)) : OptionalDouble.empty();
    }

    public double questionsPerSecond(Row row) {
        return questions / row.milliseconds() * 1e3;
    }
}
