package org.distilqa.device.onednn.steps;

import java.util.Optional;
import org.distilqa.device.onednn.binding.Kernel;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.ColumnStep;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.graph.Activation;

/**
 * A linear map, with its bias, its activation and the sum with what is there (the residual connection) in one kernel. Its columns can be shared out among
 * lanes, where there are few rows.
 */
public final class LinearStep implements ColumnStep {
    private final LinearWeights weights;
    private final Product product;
    private final Place input;
    private final Optional<Place> inputScales;
    private final Place result;
    private final ProgramKernels kernels;

    /**
     * A step.
     *
     * @param weights the map
     * @param activation what is applied to each output
     * @param shift what is added to each output after that
     * @param input where the input is, in the precision of the weights
     * @param inputScales where its tokens' scales are, in int8
     * @param isAdded whether the result is added to what is there
     * @param result where the result goes
     * @param kernels the program's kernels
     */
    public LinearStep(
            LinearWeights weights,
            Activation activation,
            float shift,
            Place input,
            Optional<Place> inputScales,
            boolean isAdded,
            Place result,
            ProgramKernels kernels) {
        this.weights = weights;
        this.product = new Product(
                weights.shape(), activation, shift, isAdded, input.stride(), result.type(), result.stride());
        this.input = input;
        this.inputScales = inputScales;
        this.result = result;
        this.kernels = kernels;
    }

    /** The kernel of a map; arguments: its scales if there are any, bias, source, weights, result. */
    record Product(
            LinearShape shape,
            Activation activation,
            float shift,
            boolean isAdded,
            int inputStride,
            int resultType,
            int resultStride)
            implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            KernelBuilder builder = new KernelBuilder(scope, target);
            shape.scale(builder, rows, columns);
            switch (activation) {
                case GELU -> builder.then(OneDnn.ELTWISE_GELU_ERF, 0, 0);
                case GELU_TANH -> builder.then(OneDnn.ELTWISE_GELU_TANH, 0, 0);
                case RELU -> builder.then(OneDnn.ELTWISE_RELU, 0, 0);
                case SILU -> builder.then(OneDnn.ELTWISE_SWISH, 1, 0);
                case NONE -> {}
            }
            if (shift != 0) {
                builder.then(OneDnn.ELTWISE_LINEAR, 1, shift);
            }
            if (isAdded) {
                builder.thenAddToResult();
            }
            long layout = shape.bestLayout(scope, target);
            return builder.multiply(
                    Tensors.matrix(scope, shape.precision().inputType(), rows, shape.depth(), inputStride),
                    columns == shape.outputs() ? layout : Tensors.columns(scope, layout, shape.depth(), 0, columns),
                    Tensors.matrix(scope, OneDnn.F32, 1, columns, columns),
                    Tensors.matrix(scope, resultType, rows, columns, resultStride));
        }
    }

    @Override
    public int parts() {
        return weights.parts();
    }

    @Override
    public void run(Lane lane, int row, int rows, int first, int end) {
        long column = (long) first * weights.partOutputs();
        long floats = column * Float.BYTES;
        Kernel.Arguments arguments = kernels.get(product, rows, (end - first) * weights.partOutputs())
                .on(lane.stream());
        int next = 0;
        if (inputScales.isPresent()) {
            arguments.set(next++, weights.scales().address() + floats);
            arguments.set(next++, lane.address(inputScales.get(), row));
        }
        arguments
                .set(next, weights.bias().address() + floats)
                .set(next + 1, lane.address(input, row))
                .set(next + 2, weights.partAddress(first))
                .set(next + 3, lane.address(result, row) + column * result.elementBytes())
                .run();
    }
}
