package org.distilqa.device.onednn;

import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** Normalises each row, where it is or into another place. The rows lie close: oneDNN 3.13 ignores a stride here. */
final class LayerNormStep implements Step {
    private final KernelsByRows kernels;
    private final Place input;
    private final Place result;
    private final NativeBlock weight;
    private final NativeBlock bias;

    LayerNormStep(
            Op.LayerNorm op,
            Place input,
            Place result,
            NativeScope scope,
            KernelBuilder.Target target,
            Parameters parameters) {
        this.input = input;
        this.result = result;
        this.weight = scope.allocate(result.width() * (long) Float.BYTES);
        this.bias = scope.allocate(result.width() * (long) Float.BYTES);
        weight.pointer().write(0, parameters.read(op.weight()), 0, result.width());
        bias.pointer().write(0, parameters.read(op.bias()), 0, result.width());
        this.kernels = new KernelsByRows((rows, columns) -> new KernelBuilder(scope, target)
                .layerNorm(
                        Tensors.matrix(scope, OneDnn.F32, rows, input.width(), input.stride()),
                        input.width(),
                        (float) op.epsilon(),
                        Tensors.matrix(scope, OneDnn.F32, rows, result.width(), result.stride())));
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(rows, 0)
                .on(lane)
                .set(0, lane.address(input, row))
                .set(1, weight.address())
                .set(2, bias.address())
                .set(3, lane.address(result, row))
                .run(lane);
    }
}
