package org.distilqa.device.cpu.program;

import java.util.List;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** Normalises each row of one input, or of the sum of two. */
final class LayerNormStep implements Step {
    private final List<Place> inputs;
    private final Output result;
    private final float[] weight;
    private final float[] bias;
    private final float epsilon;

    LayerNormStep(Op.LayerNorm op, List<Place> inputs, Output result, Parameters parameters) {
        this.inputs = inputs;
        this.result = result;
        this.weight = parameters.read(op.weight());
        this.bias = parameters.read(op.bias());
        this.epsilon = (float) op.epsilon();
    }

    @Override
    public void run(Pass pass) {
        Place place = inputs.get(0);
        Place residualPlace = inputs.get(inputs.size() - 1);
        boolean hasResidual = inputs.size() > 1;
        float[] input = pass.buffer(place);
        float[] residual = pass.buffer(residualPlace);
        Kernels kernels = pass.kernels();
        int width = result.width();
        result.fill(pass, (row, target, offset, worker) -> {
            int from = row * place.stride();
            if (hasResidual) {
                kernels.add(input, from, residual, row * residualPlace.stride(), target, offset, width);
            } else {
                System.arraycopy(input, from, target, offset, width);
            }
            // The first of the thread's buffers may hold the target.
            float[] partial = pass.threadBuffer(worker, 1, Kernels.MOST_LANES);
            kernels.layerNorm(target, offset, width, weight, bias, epsilon, partial);
        });
    }
}
