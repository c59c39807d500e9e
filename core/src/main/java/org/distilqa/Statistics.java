package org.distilqa;

import java.time.Duration;

/** What a {@link QuestionAnswerer} has done since it was opened. Times are added up over threads. Immutable. */
public final class Statistics {
    private final long questions;
    private final long windows;
    private final long tokens;
    private final long batches;
    private final Duration loading;
    private final Duration tokenization;
    private final Duration inference;
    private final Duration decoding;

    Statistics(
            long questions,
            long windows,
            long tokens,
            long batches,
            Duration loading,
            Duration tokenization,
            Duration inference,
            Duration decoding) {
        this.questions = questions;
        this.windows = windows;
        this.tokens = tokens;
        this.batches = batches;
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
        return questions;
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
        return questions + " questions, " + windows + " windows, " + tokens + " tokens, " + batches
                + " batches; loading " + loading + ", tokenization " + tokenization + ", inference " + inference
                + ", decoding " + decoding;
    }
}
