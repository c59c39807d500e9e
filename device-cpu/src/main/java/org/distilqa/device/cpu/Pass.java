package org.distilqa.device.cpu;

import org.distilqa.device.TokenBatch;

/**
 * What the steps work on: some sequences of a batch, packed one after another without padding, and the buffers of the nodes'
 * results. The buffers only grow, and are used again by the next pass. One run at a time uses it.
 */
final class Pass {
    private static final int THREAD_BUFFERS = 6;

    private final Workers workers;
    private final Kernels kernels;
    private final float[][] buffers;
    private final float[][][] threadBuffers;
    private float[] packed = new float[0];
    private TokenBatch batch;
    private int firstSequence;
    private int[] starts = new int[0];
    private int sequences;

    Pass(Workers workers, Kernels kernels, int bufferCount) {
        this.workers = workers;
        this.kernels = kernels;
        this.buffers = new float[bufferCount][0];
        this.threadBuffers = new float[workers.count()][THREAD_BUFFERS][0];
    }

    /** Sets the sequences {@code first} to {@code last - 1} of a batch as the ones to work on. */
    void begin(TokenBatch batch, int first, int last) {
        this.batch = batch;
        this.firstSequence = first;
        this.sequences = last - first;
        if (starts.length <= sequences) {
            starts = new int[sequences + 1];
        }
        for (int i = 0; i < sequences; i++) {
            starts[i + 1] = starts[i] + batch.length(first + i);
        }
    }

    /** Forgets the batch. */
    void end() {
        batch = null;
    }

    TokenBatch batch() {
        return batch;
    }

    Workers workers() {
        return workers;
    }

    Kernels kernels() {
        return kernels;
    }

    int sequences() {
        return sequences;
    }

    /** The index in the batch of a sequence of this pass. */
    int batchIndex(int sequence) {
        return firstSequence + sequence;
    }

    /** The row of a sequence's first token. */
    int start(int sequence) {
        return starts[sequence];
    }

    int length(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    /** The tokens of all sequences together. */
    int rows() {
        return starts[sequences];
    }

    /** The rows, and what the last panel lacks to be whole. */
    int paddedRows() {
        return roundUp(rows(), kernels.panelRows());
    }

    /** The buffer of a node's result, large enough for this pass. */
    float[] buffer(Place place) {
        int size = Math.multiplyExact(paddedRows(), place.stride());
        if (buffers[place.buffer()].length < size) {
            buffers[place.buffer()] = new float[size];
        }
        return buffers[place.buffer()];
    }

    /** A buffer for the packed left operand of a product. */
    float[] packed(int width) {
        int size = Math.multiplyExact(paddedRows(), width);
        if (packed.length < size) {
            packed = new float[size];
        }
        return packed;
    }

    /** One of the buffers that a thread has for itself during an iteration of a loop. */
    float[] threadBuffer(int worker, int which, int size) {
        float[][] own = threadBuffers[worker];
        if (own[which].length < size) {
            own[which] = new float[size];
        }
        return own[which];
    }

    static int roundUp(int value, int multiple) {
        return Math.multiplyExact((value + multiple - 1) / multiple, multiple);
    }
}
