package org.distilqa.device;

/**
 * What the network says of each token of a batch: how likely the answer starts there and how likely it ends there, before
 * any softmax. Only valid positions, no padding. Safe for use by many threads, as long as nobody writes to the arrays.
 */
public final class Logits {
    private final float[][] start;
    private final float[][] end;

    /**
     * The logits of a batch. The arrays become this object's own.
     *
     * @param start for each sequence, the start logit of each of its tokens
     * @param end for each sequence, the end logit of each of its tokens; of the same lengths
     * @throws IllegalArgumentException if they are not of the same lengths
     */
    public Logits(float[][] start, float[][] end) {
        boolean same = start.length == end.length;
        for (int sequence = 0; same && sequence < start.length; sequence++) {
            same = start[sequence].length == end[sequence].length;
        }
        if (!same) {
            throw new IllegalArgumentException("start and end logits are not of the same lengths");
        }
        this.start = start;
        this.end = end;
    }

    /**
     * How many sequences there are.
     *
     * @return as many as in the batch
     */
    public int size() {
        return start.length;
    }

    /**
     * The start logits of a sequence.
     *
     * @param sequence which, from 0
     * @return a value for each of its tokens; not a copy
     */
    public float[] start(int sequence) {
        return start[sequence];
    }

    /**
     * The end logits of a sequence.
     *
     * @param sequence which, from 0
     * @return a value for each of its tokens; not a copy
     */
    public float[] end(int sequence) {
        return end[sequence];
    }
}
