package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;

/** Adds two matrices. */
final class AddStep implements Step {
    private final ProgramKernels kernels;
    private final Sum sum;
    private final Place left;
    private final Place right;
    private final Place result;

    AddStep(Place left, Place right, Place result, ProgramKernels kernels) {
        this.left = left;
        this.right = right;
        this.result = result;
        this.kernels = kernels;
        this.sum = new Sum(result.width(), left.stride(), right.stride(), result.stride());
    }

    private record Sum(int width, int leftStride, int rightStride, int resultStride) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            return new KernelBuilder(scope, target)
                    .binary(
                            OneDnn.BINARY_ADD,
                            Tensors.matrix(scope, OneDnn.F32, rows, width, leftStride),
                            Tensors.matrix(scope, OneDnn.F32, rows, width, rightStride),
                            Tensors.matrix(scope, OneDnn.F32, rows, width, resultStride));
        }
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(sum, rows)
                .on(lane.stream())
                .set(0, lane.address(left, row))
                .set(1, lane.address(right, row))
                .set(2, lane.address(result, row))
                .run();
    }
}
