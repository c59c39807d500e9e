package org.distilqa.benchmarks.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import java.util.OptionalLong;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.device.Logits;

/** What a contender's process answers: {@link Ready} once when it has loaded, then one line of JSON for each command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reply.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Reply.Times.class, name = "times"),
    @JsonSubTypes.Type(value = Reply.LogitValues.class, name = "logits"),
    @JsonSubTypes.Type(value = Reply.Rate.class, name = "rate"),
    @JsonSubTypes.Type(value = Reply.Memory.class, name = "memory"),
    @JsonSubTypes.Type(value = Reply.Served.class, name = "served"),
    @JsonSubTypes.Type(value = Reply.Batches.class, name = "batches"),
    @JsonSubTypes.Type(value = Reply.Failure.class, name = "failure")
})
public sealed interface Reply {

    /**
     * The contender has loaded.
     *
     * @param loadNanoseconds how long it took from the process's first own line to here
     * @param description what it is, in one line
     * @param settings its settings by name
     */
    record Ready(long loadNanoseconds, String description, Map<String, String> settings) implements Reply {}

    /**
     * How long each run took; for questions, all of them together.
     *
     * @param nanoseconds the times, in order
     */
    record Times(long[] nanoseconds) implements Reply {}

    /**
     * The logits of a batch.
     *
     * @param start for each sequence, the start logits
     * @param end for each sequence, the end logits
     */
    record LogitValues(float[][] start, float[][] end) implements Reply {

        /** What a program of ours gave. */
        public static LogitValues of(Logits logits) {
            float[][] start = new float[logits.size()][];
            float[][] end = new float[logits.size()][];
            for (int i = 0; i < logits.size(); i++) {
                start[i] = logits.start(i);
                end[i] = logits.end(i);
            }
            return new LogitValues(start, end);
        }

        /**
         * The largest difference of a logit from another's.
         *
         * @throws BenchmarkException if they are not of the same sequences
         */
        public double largestDifference(LogitValues expected) {
            return Math.max(largestDifference(start, expected.start), largestDifference(end, expected.end));
        }

        private static double largestDifference(float[][] actual, float[][] expected) {
            double largest = 0;
            for (int i = 0; i < Math.max(actual.length, expected.length); i++) {
                if (actual.length != expected.length || actual[i].length != expected[i].length) {
                    throw new BenchmarkException("the logits are not those of the same sequences");
                }
                for (int j = 0; j < expected[i].length; j++) {
                    largest = Math.max(largest, Math.abs((double) actual[i][j] - expected[i][j]));
                }
            }
            return largest;
        }
    }

    /**
     * How fast the processor multiplies and adds.
     *
     * @param gflops thousands of millions of operations a second, two for each multiplication with addition
     */
    record Rate(double gflops) implements Reply {}

    /**
     * How much memory the process has had resident at most.
     *
     * @param peakBytes the bytes, or -1 where the operating system does not tell
     */
    record Memory(long peakBytes) implements Reply {
        public OptionalLong known() {
            return peakBytes < 0 ? OptionalLong.empty() : OptionalLong.of(peakBytes);
        }
    }

    /**
     * What many threads were answered.
     *
     * @param nanoseconds how long each question took
     * @param totalNanoseconds how long all of them took together
     * @param bookWindows how many windows of the book were read meanwhile
     */
    record Served(long[] nanoseconds, long totalNanoseconds, long bookWindows) implements Reply {}

    /**
     * How many batches each question waited for.
     *
     * @param counts for each question
     */
    record Batches(int[] counts) implements Reply {}

    /**
     * It could not be done.
     *
     * @param message why
     */
    record Failure(String message) implements Reply {}
}
