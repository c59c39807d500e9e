package org.distilqa.benchmarks.service;

import java.util.Arrays;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.measurement.Samples;
import org.distilqa.benchmarks.worker.Reply;

/**
 * What a service gives its users while one of them asks about a book.
 *
 * @param contender the device
 * @param ready what it is
 * @param threads how many threads asked
 * @param bookCharacters how long the book was
 * @param rows how long questions of one window took
 * @param batches for each of some lone questions beside the book, how many batches ended, from when it was given, before its own
 *     began
 * @param refusedMilliseconds how long it took to refuse requests that found the queue full
 * @param freedMilliseconds how long interrupted callers still waited
 * @param closeMilliseconds how long closing took
 */
public record ServiceResults(
        Contender contender,
        Reply.Ready ready,
        int threads,
        int bookCharacters,
        List<Row> rows,
        int[] batches,
        double[] refusedMilliseconds,
        double[] freedMilliseconds,
        double closeMilliseconds) {

    /** Whose windows go first. */
    public enum Order {
        /** The requests take turns, as the library has it. */
        IN_TURN,
        /** All windows of whoever came first, as the library had it once. */
        FIRST_COME
    }

    public int mostBatches() {
        return Arrays.stream(batches).max().orElseThrow();
    }

    /**
     * How long questions took.
     *
     * @param way beside what, and in which order
     * @param milliseconds of each question
     * @param seconds of all together
     * @param bookWindows how many windows of the book were read meanwhile
     */
    public record Row(String way, double[] milliseconds, double seconds, long bookWindows) {
        public double percentile(double percent) {
            return Samples.percentile(percent, milliseconds);
        }

        public double questionsPerSecond() {
            return milliseconds.length / seconds;
        }

        public double bookWindowsPerSecond() {
            return bookWindows / seconds;
        }
    }
}
