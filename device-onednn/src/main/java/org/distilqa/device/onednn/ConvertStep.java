package org.distilqa.device.onednn;

/** Rounds an input of a linear map to bfloat16. */
final class ConvertStep implements Step {
    private final KernelsByRows kernels;
    private final Place input;
    private final Place result;

    ConvertStep(Place input, Place result, NativeScope scope, KernelBuilder.Target target) {
        this.input = input;
        this.result = result;
        this.kernels = new KernelsByRows((rows, columns) -> new KernelBuilder(scope, target)
                .reorder(
                        Tensors.matrix(scope, OneDnn.F32, rows, input.width(), input.stride()),
                        Tensors.matrix(scope, OneDnn.BF16, rows, result.width(), result.stride())));
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(rows, 0)
                .on(lane)
                .set(0, lane.address(input, row))
                .set(1, lane.address(result, row))
                .run(lane);
    }
}
