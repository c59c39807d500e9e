package org.distilqa.device.cpu;

import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** The start and end logit of each token; the only step whose result leaves the pass. */
final class QaHeadStep {
    private static final int ROWS_PER_ITERATION = 32;

    private final Place input;
    private final float[] weight;
    private final float[] bias;

    QaHeadStep(Op.QaHead op, Place input, Parameters parameters) {
        this.input = input;
        this.weight = parameters.read(op.weight());
        this.bias = parameters.read(op.bias());
    }

    /** Fills the rows of {@code start} and {@code end} that belong to the sequences of the pass. */
    void run(Pass pass, float[][] start, float[][] end) {
        float[] rows = pass.buffer(input);
        Kernels kernels = pass.kernels();
        int width = input.width();
        int chunks = (pass.rows() + ROWS_PER_ITERATION - 1) / ROWS_PER_ITERATION;
        pass.workers().forEach(chunks, (chunk, worker) -> {
            int last = Math.min(pass.rows(), (chunk + 1) * ROWS_PER_ITERATION);
            float[] partial = pass.threadBuffer(worker, 0, Kernels.MOST_LANES);
            for (int row = chunk * ROWS_PER_ITERATION; row < last; row++) {
                int sequence = pass.sequenceOf(row);
                int position = row - pass.start(sequence);
                int offset = row * input.stride();
                start[pass.batchIndex(sequence)][position] =
                        kernels.dot(rows, offset, weight, 0, width, partial) + bias[0];
                end[pass.batchIndex(sequence)][position] =
                        kernels.dot(rows, offset, weight, width, width, partial) + bias[1];
            }
        });
    }
}
