package org.distilqa.device.onednn.steps;

import com.sun.jna.Pointer;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Quantization;
import org.distilqa.device.onednn.program.Step;

/**
 * Makes bytes of an input of a linear map, each token with a scale of its own. The largest value of a token is found by pooling:
 * oneDNN's reduction of a row takes three times as long.
 */
final class QuantizeStep implements Step {
    /** Pooling leaves so many maxima of a row, whose largest is found here; with fewer it takes twice as long. */
    private static final int MOST_MAXIMA = 64;

    private final Quantization quantization;
    private final Place input;
    private final Place result;
    private final Place scales;
    private final ProgramKernels kernels;
    private final Absolutes absolutes;
    private final Maxima maxima;
    private final Bytes bytes;
    private final Copy copy;
    private final int columns;
    private final int maximaPerRow;

    /**
     * A step.
     *
     * @param quantization how
     * @param input float32
     * @param result the bytes; those beyond the width of the input are not touched
     * @param scales a column of float32
     * @param kernels the program's kernels
     */
    QuantizeStep(Quantization quantization, Place input, Place result, Place scales, ProgramKernels kernels) {
        this.quantization = quantization;
        this.input = input;
        this.result = result;
        this.scales = scales;
        this.columns = input.width();
        // The largest power of two among the divisors of the width.
        this.maximaPerRow = Math.min(MOST_MAXIMA, columns & -columns);
        this.kernels = kernels;
        this.absolutes = new Absolutes(columns);
        this.maxima = new Maxima(columns, maximaPerRow);
        this.bytes = new Bytes(columns, quantization.zeroPoint());
        this.copy = new Copy(columns, result.stride());
    }

    private record Absolutes(int width) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            long matrix = Tensors.matrix(scope, OneDnn.F32, rows, width, width);
            return new KernelBuilder(scope, target).eltwise(OneDnn.ELTWISE_ABS, matrix, matrix);
        }
    }

    private record Maxima(int width, int perRow) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            int window = width / perRow;
            long source = Tensors.strided(
                    scope, OneDnn.F32, new long[] {rows, perRow, window}, new long[] {width, 1, perRow});
            long largest =
                    Tensors.strided(scope, OneDnn.F32, new long[] {rows, perRow, 1}, new long[] {perRow, 1, perRow});
            return new KernelBuilder(scope, target).maxima(source, window, largest);
        }
    }

    private record Bytes(int width, int zeroPoint) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            KernelBuilder builder = new KernelBuilder(scope, target);
            if (zeroPoint != 0) {
                builder.then(OneDnn.ELTWISE_LINEAR, 1, zeroPoint);
            }
            return builder.binary(
                    OneDnn.BINARY_MUL,
                    Tensors.matrix(scope, OneDnn.F32, rows, width, width),
                    Tensors.matrix(scope, OneDnn.F32, rows, 1, 1),
                    Tensors.matrix(scope, OneDnn.U8, rows, width, width));
        }
    }

    /** Into rows with a stride, the kernels above would be oneDNN's slow ones. */
    private record Copy(int width, int stride) implements ProgramKernels.Kind {
        @Override
        public KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns) {
            return new KernelBuilder(scope, target)
                    .reorder(
                            Tensors.matrix(scope, OneDnn.U8, rows, width, width),
                            Tensors.matrix(scope, OneDnn.U8, rows, width, stride));
        }
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        long values = lane.address(input, row);
        long quantizedRows = lane.address(result, row);
        long maximaBytes = (long) rows * maximaPerRow * Float.BYTES;
        long inverses = lane.work(maximaBytes + (long) rows * (columns + 1) * Float.BYTES);
        long largest = inverses + (long) rows * Float.BYTES;
        // Magnitudes first, bytes later.
        long matrix = largest + maximaBytes;
        long magnitudes = values;
        if (quantization.hasZeroPoint()) {
            magnitudes = matrix;
            kernels.get(absolutes, rows)
                    .on(lane.stream())
                    .set(0, values)
                    .set(1, magnitudes)
                    .run();
        }
        kernels.get(maxima, rows)
                .on(lane.stream())
                .set(0, magnitudes)
                .set(1, largest)
                .run();
        scale(lane, rows, largest, inverses, lane.address(scales, row));
        boolean isDense = result.stride() == columns;
        long quantized = isDense ? quantizedRows : matrix;
        kernels.get(bytes, rows)
                .on(lane.stream())
                .set(0, values)
                .set(1, inverses)
                .set(2, quantized)
                .run();
        if (!isDense) {
            kernels.get(copy, rows)
                    .on(lane.stream())
                    .set(0, quantized)
                    .set(1, quantizedRows)
                    .run();
        }
    }

    /** Of the maxima of each row, makes its scale and one over it. */
    private void scale(Lane lane, int rows, long largest, long inverses, long scales) {
        int[] bits = lane.ints(rows * maximaPerRow);
        new Pointer(largest).read(0, bits, 0, rows * maximaPerRow);
        float[] values = lane.floats(rows);
        int steps = quantization.steps();
        for (int row = 0; row < rows; row++) {
            // Floats that are not negative are in the order of their bits, and the processor is faster at the largest
            // of these.
            int maximum = 0;
            for (int i = row * maximaPerRow; i < (row + 1) * maximaPerRow; i++) {
                maximum = Math.max(maximum, bits[i]);
            }
            values[row] = Float.intBitsToFloat(maximum);
        }
        float[] factors = lane.otherFloats(rows);
        for (int row = 0; row < rows; row++) {
            float factor = steps / values[row];
            // A row of zeros, or of next to nothing, becomes one of zeros.
            factors[row] = Float.isInfinite(factor) ? 0 : factor;
            values[row] /= steps;
        }
        new Pointer(inverses).write(0, factors, 0, rows);
        new Pointer(scales).write(0, values, 0, rows);
    }
}
