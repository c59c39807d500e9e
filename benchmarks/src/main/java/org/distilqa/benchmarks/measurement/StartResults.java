package org.distilqa.benchmarks.measurement;

import java.util.List;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;

/**
 * What it takes to begin.
 *
 * @param memoryShape the shape that was run while the memory was watched
 * @param rows a row for each contender
 */
public record StartResults(InputShape memoryShape, List<Row> rows) {

    /**
     * A contender's figures, one of each repetition; a list is empty where a figure cannot be had.
     *
     * @param contender the contender
     * @param loadMilliseconds from nothing to a program that is ready to run, in a JVM that has just started
     * @param peakBytes the most memory that was resident while one shape was run
     * @param coldMilliseconds from the start of the process to its first answer
     */
    public record Row(
            Contender contender, List<Double> loadMilliseconds, List<Double> peakBytes, List<Double> coldMilliseconds) {

        /** The median of the times to load. */
        public OptionalDouble load() {
            return median(loadMilliseconds);
        }

        /** The median of the peaks of memory. */
        public OptionalDouble memory() {
            return median(peakBytes);
        }

        /** The median of the times to the first answer. */
        public OptionalDouble firstAnswer() {
            return median(coldMilliseconds);
        }

        private static OptionalDouble median(List<Double> values) {
            return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Samples.median(values));
        }
    }
}
