package org.distilqa.device.onednn;

/** Adds two matrices. */
final class AddStep implements Step {
    private final KernelsByRows kernels;
    private final Place left;
    private final Place right;
    private final Place result;

    AddStep(Place left, Place right, Place result, NativeScope scope, KernelBuilder.Target target) {
        this.left = left;
        this.right = right;
        this.result = result;
        this.kernels = new KernelsByRows((rows, columns) -> new KernelBuilder(scope, target)
                .binary(
                        OneDnn.BINARY_ADD,
                        matrix(scope, rows, left),
                        matrix(scope, rows, right),
                        matrix(scope, rows, result)));
    }

    private static long matrix(NativeScope scope, int rows, Place place) {
        return Tensors.matrix(scope, OneDnn.F32, rows, place.width(), place.stride());
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(rows, 0)
                .on(lane)
                .set(0, lane.address(left, row))
                .set(1, lane.address(right, row))
                .set(2, lane.address(result, row))
                .run(lane);
    }
}
