/**
 * How speed is measured: rounds in which all contenders take turns, and what came of them.
 *
 * <p>In come contenders and their processes, out come results: times of every round, and ratios to the best peer of the same round.
 * Read {@link org.distilqa.benchmarks.measurement.NetworkMeasurement} first; {@code QuestionsMeasurement} and
 * {@code StartMeasurement} go the same way. {@code Turns} says whose turn it is, {@code Ratio} and {@code Samples} what the times
 * come to.
 */
package org.distilqa.benchmarks.measurement;
