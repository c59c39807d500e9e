package org.distilqa;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.distilqa.QuestionAnswererListener.End;

/**
 * What a {@link QuestionAnswerer} has done since it was opened. Times are added up over threads. Immutable; {@code with...} methods give
 * a changed copy, with which an answerer of one's own tells of itself.
 */
public final class Statistics {
    private static final Statistics NONE =
            new Statistics(Map.of(), 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final Map<End, Long> requests;
    private final long windows;
    private final long tokens;
    private final long batches;
    private final int pendingWindows;
    private final Duration loading;
    private final Duration tokenization;
    private final Duration inference;
    private final Duration decoding;

    Statistics(
            Map<End, Long> requests,
            long windows,
            long tokens,
            long batches,
            int pendingWindows,
            Duration loading,
            Duration tokenization,
            Duration inference,
            Duration decoding) {
        this.requests = Map.copyOf(requests);
        this.windows = windows;
        this.tokens = tokens;
        this.batches = batches;
        this.pendingWindows = pendingWindows;
        this.loading = loading;
        this.tokenization = tokenization;
        this.inference = inference;
        this.decoding = decoding;
    }

    private static void requireNotNegative(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " is " + count + "; it must be at least 0");
        }
    }

    private static void requireNotNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " is " + time + "; it must be at least 0");
        }
    }

    /**
     * Those of an answerer that has done nothing yet.
     *
     * @return all counts and times at zero
     */
    public static Statistics none() {
        return NONE;
    }

    /**
     * These with another number of requests that came to an end of some kind.
     *
     * @param end the kind
     * @param count how many, at least 0
     * @return new statistics
     * @throws IllegalArgumentException if it is negative
     */
    public Statistics withRequests(End end, long count) {
        requireNotNegative("requests", count);
        Map<End, Long> changed = new EnumMap<>(End.class);
        changed.putAll(requests);
        changed.put(end, count);
        return new Statistics(
                changed, windows, tokens, batches, pendingWindows, loading, tokenization, inference, decoding);
    }

    /**
     * These with other counts of what the network has read.
     *
     * @param windows windows, at least 0
     * @param tokens tokens in them, at least 0
     * @param batches runs of the network, at least 0
     * @return new statistics
     * @throws IllegalArgumentException if one is negative
     */
    public Statistics withReading(long windows, long tokens, long batches) {
        requireNotNegative("windows", windows);
        requireNotNegative("tokens", tokens);
        requireNotNegative("batches", batches);
        return new Statistics(
                requests, windows, tokens, batches, pendingWindows, loading, tokenization, inference, decoding);
    }

    /**
     * These with another number of windows that wait for a device.
     *
     * @param pendingWindows how many, at least 0
     * @return new statistics
     * @throws IllegalArgumentException if it is negative
     */
    public Statistics withPendingWindows(int pendingWindows) {
        requireNotNegative("pendingWindows", pendingWindows);
        return new Statistics(
                requests, windows, tokens, batches, pendingWindows, loading, tokenization, inference, decoding);
    }

    /**
     * These with other times.
     *
     * @param loading to read the checkpoint, open the device and compile the network
     * @param tokenization to tokenize questions and contexts and to form windows
     * @param inference in which the device ran
     * @param decoding to find the best spans
     * @return new statistics
     * @throws IllegalArgumentException if one is negative
     */
    public Statistics withTimes(Duration loading, Duration tokenization, Duration inference, Duration decoding) {
        requireNotNegative("loading", loading);
        requireNotNegative("tokenization", tokenization);
        requireNotNegative("inference", inference);
        requireNotNegative("decoding", decoding);
        return new Statistics(
                requests, windows, tokens, batches, pendingWindows, loading, tokenization, inference, decoding);
    }

    /**
     * Requests answered.
     *
     * @return how many
     */
    public long questions() {
        return requests(End.ANSWERED);
    }

    /**
     * Requests that came to an end of some kind.
     *
     * @param end the kind
     * @return how many
     */
    public long requests(End end) {
        return requests.getOrDefault(end, 0L);
    }

    /**
     * Windows that the network read for them.
     *
     * @return how many
     */
    public long windows() {
        return windows;
    }

    /**
     * Tokens in those windows.
     *
     * @return how many
     */
    public long tokens() {
        return tokens;
    }

    /**
     * Runs of the network.
     *
     * @return how many
     */
    public long batches() {
        return batches;
    }

    /**
     * Windows that wait for a device at this moment.
     *
     * @return how many, with an estimate for requests that were not cut into windows yet
     */
    public int pendingWindows() {
        return pendingWindows;
    }

    /**
     * Time to read the checkpoint, open the device and compile the network.
     *
     * @return the time
     */
    public Duration loading() {
        return loading;
    }

    /**
     * Time to tokenize questions and contexts and to form windows.
     *
     * @return the time
     */
    public Duration tokenization() {
        return tokenization;
    }

    /**
     * Time in which the device ran.
     *
     * @return the time
     */
    public Duration inference() {
        return inference;
    }

    /**
     * Time to find the best spans.
     *
     * @return the time
     */
    public Duration decoding() {
        return decoding;
    }

    @Override
    public String toString() {
        return questions() + " questions, " + windows + " windows, " + tokens + " tokens, " + batches
                + " batches; loading " + loading + ", tokenization " + tokenization + ", inference " + inference
                + ", decoding " + decoding;
    }
}
