package org.distilqa.device.cpu;

import java.util.List;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** Normalises each row of one input, or of the sum of two. */
final class LayerNormStep implements Step {
    private static final int ROWS_PER_ITERATION = 16;

    private final List<Place> inputs;
    private final Place result;
    private final float[] weight;
    private final float[] bias;
    private final float epsilon;

    LayerNormStep(Op.LayerNorm op, List<Place> inputs, Place result, Parameters parameters) {
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
        float[] target = pass.buffer(result);
        int rows = pass.rows();
        int width = result.width();
        Kernels kernels = pass.kernels();
        int iterations = (rows + ROWS_PER_ITERATION - 1) / ROWS_PER_ITERATION;
        pass.workers().forEach(iterations, (index, worker) -> {
            int end = Math.min(rows, (index + 1) * ROWS_PER_ITERATION);
            for (int row = index * ROWS_PER_ITERATION; row < end; row++) {
                int from = row * place.stride();
                int to = row * result.stride();
                if (hasResidual) {
                    kernels.add(input, from, residual, row * residualPlace.stride(), target, to, width);
                } else {
                    System.arraycopy(input, from, target, to, width);
                }
                kernels.layerNorm(target, to, width, weight, bias, epsilon);
            }
        });
    }
}
