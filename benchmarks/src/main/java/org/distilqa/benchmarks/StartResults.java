package org.distilqa.benchmarks;

import java.util.List;

/**
 * What it takes to begin.
 *
 * @param memoryShape the shape that was run while the memory was watched
 * @param rows a row for each contender
 */
record StartResults(InputShape memoryShape, List<Row> rows) {

    /**
     * A contender's figures, one of each repetition; a list is empty where a figure cannot be had.
     *
     * @param contender the contender
     * @param loadMilliseconds from nothing to a program that is ready to run, in a JVM that has just started
     * @param peakBytes the most memory that was resident while one shape was run
     * @param coldMilliseconds from the start of the process to its first answer
     */
    record Row(
            Contender contender,
            List<Double> loadMilliseconds,
            List<Double> peakBytes,
            List<Double> coldMilliseconds) {}
}
