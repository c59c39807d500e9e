package org.distilqa;

import java.time.Duration;
import java.util.Map;
import org.distilqa.QuestionAnswererListener.End;

/** What a {@link QuestionAnswerer} has done since it was opened. Times are added up over threads. Immutable. */
public final class Statistics {
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
