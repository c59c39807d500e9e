package org.distilqa.device.cpu.program;

import java.util.Arrays;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.internal.PackedSequences;
import org.distilqa.internal.ThreadTeam;

/**
 * What the steps work on: some sequences of a batch, packed one after another without padding, and the buffers of the nodes'
 * results. The buffers only grow, and are used again by the next pass. One run at a time uses it.
 */
final class Pass {
    private static final int THREAD_BUFFERS = 8;

    private final ThreadTeam workers;
    private final int[] strides;
    private final float[][] buffers;
    private final float[][][] threadBuffers;
    private final Kernels[] threadKernels;
    private Kernels kernels;
    private final PackedSequences sequences = new PackedSequences();
    private TokenBatch batch;

    /**
     * @param strides for each buffer, the most elements per row of what is put into it
     */
    Pass(ThreadTeam workers, Kernels kernels, int[] strides) {
        this.workers = workers;
        this.threadKernels = new Kernels[workers.count()];
        use(kernels);
        this.strides = strides;
        this.buffers = new float[strides.length][0];
        this.threadBuffers = new float[workers.count()][THREAD_BUFFERS + 1][1];
    }

    /** Sets the kernels, which must have the panels of those that this was made for. */
    void use(Kernels kernels) {
        if (this.kernels != kernels) {
            this.kernels = kernels;
            Arrays.setAll(threadKernels, worker -> kernels.ofOneThread());
        }
    }

    /** Sets the sequences {@code first} to {@code last - 1} of a batch as the ones to work on. */
    void begin(TokenBatch batch, int first, int last) {
        this.batch = batch;
        sequences.begin(first, last, batch::length);
        for (int i = 0; i < buffers.length; i++) {
            int size = Math.multiplyExact(rowPanels() * panelRows(), strides[i]);
            if (buffers[i].length < size) {
                buffers[i] = new float[size];
            }
        }
    }

    /** Forgets the batch. */
    void end() {
        batch = null;
    }

    TokenBatch batch() {
        return batch;
    }

    ThreadTeam workers() {
        return workers;
    }

    Kernels kernels() {
        return kernels;
    }

    /** The kernels that a thread has for itself. */
    Kernels kernels(int worker) {
        return threadKernels[worker];
    }

    /** The sequences of this pass. */
    PackedSequences sequences() {
        return sequences;
    }

    /** The tokens of all sequences together. */
    int rows() {
        return sequences.rows();
    }

    /** The rows of a panel of a left operand. */
    int panelRows() {
        return kernels.panelRows();
    }

    /** How many of these panels there are. */
    int rowPanels() {
        return (rows() + panelRows() - 1) / panelRows();
    }

    /** The buffer of a place. */
    float[] buffer(Place place) {
        return buffers[place.buffer()];
    }

    /** One of the buffers that a thread has for itself during an iteration of a loop. */
    float[] threadBuffer(int worker, int which, int size) {
        float[][] own = threadBuffers[worker];
        if (own[which].length < size) {
            own[which] = new float[size];
        }
        return own[which];
    }

    /** Takes what a kernel has read ahead, so that the compiler cannot leave the reading out. */
    void see(int worker, int seen) {
        threadBuffers[worker][THREAD_BUFFERS][0] = seen;
    }

    static int roundUp(int value, int multiple) {
        return Math.multiplyExact((value + multiple - 1) / multiple, multiple);
    }
}
