package org.distilqa.device.cpu;

import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** The start and end logit of each token; the only step whose result leaves the pass. */
final class QaHeadStep {
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
        pass.workers().forEach(pass.sequences(), (sequence, worker) -> {
            float[] starts = start[pass.batchIndex(sequence)];
            float[] ends = end[pass.batchIndex(sequence)];
            for (int position = 0; position < starts.length; position++) {
                int row = (pass.start(sequence) + position) * input.stride();
                starts[position] = kernels.dot(rows, row, weight, 0, width) + bias[0];
                ends[position] = kernels.dot(rows, row, weight, width, width) + bias[1];
            }
        });
    }
}
