package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;

/** Rounds an input of a linear map to bfloat16. */
final class ConvertStep implements Step {
    private final ProgramKernels kernels;
    private final Rounding rounding;
    private final Place input;
    private final Place result;

    ConvertStep(Place input, Place result, ProgramKernels kernels) {
        this.input = input;
        this.result = result;
        this.kernels = kernels;
        this.rounding = new Rounding(input.width(), input.stride(), result.stride());
    }

    private record Rounding(int width, int inputStride, int resultStride) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            return new KernelBuilder(scope, target)
                    .reorder(
                            Tensors.matrix(scope, OneDnn.F32, rows, width, inputStride),
                            Tensors.matrix(scope, OneDnn.BF16, rows, width, resultStride));
        }
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(rounding, rows)
                .on(lane.stream())
                .set(0, lane.address(input, row))
                .set(1, lane.address(result, row))
                .run();
    }
}
