package org.distilqa.device.cpu.kernels;

/**
 * Kernels in plain Java, in loops that HotSpot's C2 turns into vector instructions by itself where it can: one array is
 * written, with a stride of one, and nothing but element-wise arithmetic is done.
 */
final class ScalarKernels implements Kernels {
    private static final int PANEL_ROWS = 16;

    private final ProductBlock block = new ProductBlock(ScalarKernels::addProducts);

    @Override
    public String name() {
        return KernelsLookup.SCALAR;
    }

    @Override
    public String description() {
        return "scalar kernels";
    }

    @Override
    public Kernels ofOneThread() {
        return new ScalarKernels();
    }

    @Override
    public int panelRows() {
        return PANEL_ROWS;
    }

    @Override
    public int panelColumns(int columns) {
        // Wide, because a loop that C2 has vectorised spends its first and last iterations one element at a time.
        return Math.min(ProductBlock.MAX_COLUMNS, (columns + 7) / 8 * 8);
    }

    @Override
    public void multiplyAdd(
            float[] left,
            int leftOffset,
            int leftStep,
            int rows,
            float[] right,
            int rightOffset,
            int columns,
            int depth,
            float[] sum,
            int sumOffset,
            int stride) {
        block.multiplyAdd(left, leftOffset, leftStep, rows, right, rightOffset, columns, depth, sum, sumOffset, stride);
    }

    /** Adds four rows, each times its factor, to a fifth. */
    private static void addProducts(float[] sum, float[] rows, float[] factors, int columns) {
        float a0 = factors[0];
        float a1 = factors[1];
        float a2 = factors[2];
        float a3 = factors[3];
        for (int j = 0; j < columns; j++) {
            sum[j] += a0 * rows[j]
                    + a1 * rows[j + ProductBlock.MAX_COLUMNS]
                    + a2 * rows[j + 2 * ProductBlock.MAX_COLUMNS]
                    + a3 * rows[j + 3 * ProductBlock.MAX_COLUMNS];
        }
    }

    @Override
    public void gelu(float[] values, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float x = values[i];
            float y = Math.max(-Erf.LIMIT, Math.min(Erf.LIMIT, x * Erf.SQRT_HALF));
            float s = y * y;
            float p = ((((Erf.P5 * s + Erf.P4) * s + Erf.P3) * s + Erf.P2) * s + Erf.P1) * s + Erf.P0;
            float q = ((((Erf.Q5 * s + Erf.Q4) * s + Erf.Q3) * s + Erf.Q2) * s + Erf.Q1) * s + 1;
            values[i] = x * (0.5f + 0.5f * (y * p / q));
        }
    }

    @Override
    public void gate(float[] values, int offset, int length, float linear, float cubic) {
        for (int i = offset; i < offset + length; i++) {
            float x = values[i];
            float y = Math.max(Exp.MINIMUM, Math.min(Gate.LIMIT, x));
            float argument = y * (-linear - cubic * (y * y));
            values[i] = x / (1 + Exp.exp(Math.min(argument, Gate.LIMIT)));
        }
    }

    @Override
    public void relu(float[] values, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            values[i] = Math.max(values[i], 0);
        }
    }

    @Override
    public void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length) {
        for (int i = 0; i < length; i++) {
            sum[sumOffset + i] = a[aOffset + i] + b[bOffset + i];
        }
    }

    @Override
    public void layerNorm(
            float[] row, int offset, int length, float[] weight, float[] bias, float epsilon, float[] partial) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += row[offset + i];
        }
        float mean = (float) (sum / length);
        double squares = 0;
        for (int i = 0; i < length; i++) {
            float x = row[offset + i] - mean;
            squares += x * x;
        }
        float factor = (float) (1 / Math.sqrt(squares / length + epsilon));
        for (int i = 0; i < length; i++) {
            row[offset + i] = (row[offset + i] - mean) * factor * weight[i] + bias[i];
        }
    }

    @Override
    public void onlineSoftmax(
            float[] scores, int rows, int columns, float scale, float[] maxima, float[] sums, float[] factors) {
        System.arraycopy(maxima, 0, factors, 0, columns);
        OnlineSoftmax.raiseMaxima(scores, rows, columns, maxima);
        OnlineSoftmax.rescale(columns, scale, maxima, sums, factors);
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                scores[offset + j] = Exp.exp(scale * (scores[offset + j] - maxima[j]));
            }
            for (int j = 0; j < columns; j++) {
                sums[j] += scores[offset + j];
            }
        }
    }

    @Override
    public void multiplyColumns(float[] matrix, int rows, int columns, float[] factors) {
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                matrix[offset + j] *= factors[j];
            }
        }
    }
}
