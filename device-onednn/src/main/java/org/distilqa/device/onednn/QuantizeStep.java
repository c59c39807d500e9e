package org.distilqa.device.onednn;

import com.sun.jna.Pointer;

/**
 * Makes bytes of an input of a linear map, each token with a scale of its own. The largest value of a token is found by pooling:
 * oneDNN's reduction of a row takes three times as long.
 */
final class QuantizeStep implements Step {
    /** Pooling leaves so many maxima of a row, whose largest is found here. */
    private static final int MAXIMA = 16;

    private final Quantization quantization;
    private final Place input;
    private final Place result;
    private final Place scales;
    private final KernelsByRows absolutes;
    private final KernelsByRows maxima;
    private final KernelsByRows quantizers;

    /**
     * A step.
     *
     * @param quantization how
     * @param input float32; the elements beyond its width are quantised too
     * @param result the bytes, of the same stride
     * @param scales a column of float32
     */
    QuantizeStep(
            Quantization quantization,
            Place input,
            Place result,
            Place scales,
            NativeScope scope,
            KernelBuilder.Target target) {
        this.quantization = quantization;
        this.input = input;
        this.result = result;
        this.scales = scales;
        int columns = input.stride();
        this.absolutes = new KernelsByRows((rows, ignored) -> {
            long matrix = Tensors.matrix(scope, OneDnn.F32, rows, columns, columns);
            return new KernelBuilder(scope, target).eltwise(OneDnn.ELTWISE_ABS, matrix, matrix);
        });
        this.maxima = new KernelsByRows((rows, ignored) -> {
            int window = columns / MAXIMA;
            long source = Tensors.strided(
                    scope, OneDnn.F32, new long[] {rows, MAXIMA, window}, new long[] {columns, 1, MAXIMA});
            long largest =
                    Tensors.strided(scope, OneDnn.F32, new long[] {rows, MAXIMA, 1}, new long[] {MAXIMA, 1, MAXIMA});
            return new KernelBuilder(scope, target).maxima(source, window, largest);
        });
        this.quantizers = new KernelsByRows((rows, ignored) -> {
            KernelBuilder builder = new KernelBuilder(scope, target);
            if (quantization.zeroPoint() != 0) {
                builder.then(OneDnn.ELTWISE_LINEAR, 1, quantization.zeroPoint());
            }
            return builder.binary(
                    OneDnn.BINARY_MUL,
                    Tensors.matrix(scope, OneDnn.F32, rows, columns, columns),
                    Tensors.matrix(scope, OneDnn.F32, rows, 1, 1),
                    Tensors.matrix(scope, OneDnn.U8, rows, columns, columns));
        });
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        long values = lane.address(input, row);
        long valuesBytes = rows * input.rowBytes();
        long maximaBytes = (long) rows * MAXIMA * Float.BYTES;
        long work = lane.work(valuesBytes + maximaBytes + (long) rows * Float.BYTES);
        long largest = work + valuesBytes;
        long inverses = largest + maximaBytes;
        long magnitudes = values;
        if (quantization.zeroPoint() != 0) {
            magnitudes = work;
            absolutes.get(rows, 0).on(lane).set(0, values).set(1, magnitudes).run(lane);
        }
        maxima.get(rows, 0).on(lane).set(0, magnitudes).set(1, largest).run(lane);
        scale(lane, rows, largest, inverses, lane.address(scales, row));
        quantizers
                .get(rows, 0)
                .on(lane)
                .set(0, values)
                .set(1, inverses)
                .set(2, lane.address(result, row))
                .run(lane);
    }

    /** Of the maxima of each row, makes its scale and one over it. */
    private void scale(Lane lane, int rows, long largest, long inverses, long scales) {
        float[] values = lane.floats(rows * MAXIMA);
        new Pointer(largest).read(0, values, 0, rows * MAXIMA);
        int steps = quantization.steps();
        for (int row = 0; row < rows; row++) {
            float maximum = 0;
            for (int i = row * MAXIMA; i < (row + 1) * MAXIMA; i++) {
                maximum = Math.max(maximum, values[i]);
            }
            values[row] = maximum;
        }
        float[] factors = lane.otherFloats(rows);
        for (int row = 0; row < rows; row++) {
            // A row of zeros stays one, whatever its scale.
            factors[row] = values[row] > 0 ? steps / values[row] : 0;
            values[row] /= steps;
        }
        new Pointer(inverses).write(0, factors, 0, rows);
        new Pointer(scales).write(0, values, 0, rows);
    }
}
