package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** Normalises each row, where it is or into another place. The rows lie close: oneDNN 3.13 ignores a stride here. */
final class LayerNormStep implements Step {
    private final ProgramKernels kernels;
    private final Normalisation normalisation;
    private final Place input;
    private final Place result;
    private final NativeBlock weight;
    private final NativeBlock bias;

    LayerNormStep(
            Op.LayerNorm op,
            Place input,
            Place result,
            NativeScope scope,
            ProgramKernels kernels,
            Parameters parameters) {
        this.input = input;
        this.result = result;
        this.weight = scope.copyOf(parameters.read(op.weight()));
        this.bias = scope.copyOf(parameters.read(op.bias()));
        this.kernels = kernels;
        this.normalisation = new Normalisation(result.width(), (float) op.epsilon(), input.stride(), result.stride());
    }

    private record Normalisation(int width, float epsilon, int inputStride, int resultStride)
            implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            return new KernelBuilder(scope, target)
                    .layerNorm(
                            Tensors.matrix(scope, OneDnn.F32, rows, width, inputStride),
                            width,
                            epsilon,
                            Tensors.matrix(scope, OneDnn.F32, rows, width, resultStride));
        }
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        kernels.get(normalisation, rows)
                .on(lane.stream())
                .set(0, lane.address(input, row))
                .set(1, weight.address())
                .set(2, bias.address())
                .set(3, lane.address(result, row))
                .run();
    }
}
