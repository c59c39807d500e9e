package org.distilqa.internal;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Some sequences of a batch, packed one after another without padding: a matrix with a row for each token. Used again and again, so
 * that a run allocates nothing. Safe for use by many threads while none of them begins anew.
 */
public final class PackedSequences {
    private int first;
    private int count;
    private int[] starts = new int[1];

    /** None yet. */
    public PackedSequences() {}

    /**
     * Packs the sequences {@code first} to {@code end - 1} of a batch.
     *
     * @param first the first of them
     * @param end the one after the last
     * @param length the length of each sequence of the batch, in tokens
     */
    public void begin(int first, int end, IntUnaryOperator length) {
        this.first = first;
        this.count = end - first;
        if (starts.length <= count) {
            starts = new int[count + 1];
        }
        for (int i = 0; i < count; i++) {
            starts[i + 1] = starts[i] + length.applyAsInt(first + i);
        }
    }

    /**
     * How many there are.
     *
     * @return the number of sequences
     */
    public int count() {
        return count;
    }

    /**
     * The index in the batch of one of them.
     *
     * @param sequence from 0 to {@code count() - 1}, as everywhere here
     * @return the index
     */
    public int batchIndex(int sequence) {
        return first + sequence;
    }

    /**
     * The row of a sequence's first token.
     *
     * @param sequence which
     * @return the row, from 0
     */
    public int start(int sequence) {
        return starts[sequence];
    }

    /**
     * How many tokens a sequence has.
     *
     * @param sequence which
     * @return its length
     */
    public int length(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    /**
     * The tokens of all of them together.
     *
     * @return the number of rows
     */
    public int rows() {
        return starts[count];
    }

    /**
     * The sequence that a row belongs to.
     *
     * @param row from 0 to {@code rows() - 1}
     * @return the sequence
     */
    public int sequenceOf(int row) {
        int found = Arrays.binarySearch(starts, 0, count, row);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * Gives each sequence the logits of its tokens.
     *
     * @param rows the logits that a token starts and ends an answer, the first two elements of its row
     * @param stride the elements from one row to the next
     * @param start where the logits of starts go, at the sequence's index in the batch
     * @param end where those of ends go
     */
    public void splitLogits(float[] rows, int stride, float[][] start, float[][] end) {
        for (int sequence = 0; sequence < count; sequence++) {
            float[] starts = new float[length(sequence)];
            float[] ends = new float[length(sequence)];
            for (int token = 0; token < starts.length; token++) {
                int row = (start(sequence) + token) * stride;
                starts[token] = rows[row];
                ends[token] = rows[row + 1];
            }
            start[batchIndex(sequence)] = starts;
            end[batchIndex(sequence)] = ends;
        }
    }
}
