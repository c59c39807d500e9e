package org.distilqa.device.cpu;

/**
 * Kernels in plain Java, in loops that HotSpot's C2 turns into vector instructions by itself where it can: one array is
 * written, with a stride of one, and nothing but element-wise arithmetic is done.
 */
final class ScalarKernels implements Kernels {
    private static final int MAX_PANEL_COLUMNS = 256;
    private static final int PANEL_ROWS = 4;

    @Override
    public String name() {
        return KernelsLookup.SCALAR;
    }

    @Override
    public String description() {
        return "scalar kernels";
    }

    @Override
    public int vectorBits() {
        return 0;
    }

    @Override
    public int panelRows() {
        return PANEL_ROWS;
    }

    @Override
    public int panelColumns(int columns) {
        // Wide, because a loop that C2 has vectorised spends its first and last iterations one element at a time.
        return Math.min(MAX_PANEL_COLUMNS, (columns + 7) / 8 * 8);
    }

    @Override
    public void multiplyAdd(
            float[] left,
            int leftOffset,
            int rows,
            float[] right,
            int rightOffset,
            int columns,
            int depth,
            float[] sum,
            int sumOffset,
            int stride) {
        int k = 0;
        for (; k + 8 <= depth; k += 8) {
            for (int row = 0; row < rows; row++) {
                addEight(
                        left,
                        leftOffset + k * PANEL_ROWS + row,
                        right,
                        rightOffset + k * columns,
                        columns,
                        sum,
                        sumOffset + row * stride);
            }
        }
        for (; k < depth; k++) {
            for (int row = 0; row < rows; row++) {
                addOne(
                        left[leftOffset + k * PANEL_ROWS + row],
                        right,
                        rightOffset + k * columns,
                        columns,
                        sum,
                        sumOffset + row * stride);
            }
        }
    }

    /** Adds eight rows of the right panel, each times its element of the left one, to a row of the sum. */
    private static void addEight(float[] left, int l, float[] right, int r, int columns, float[] sum, int s) {
        float a0 = left[l];
        float a1 = left[l + PANEL_ROWS];
        float a2 = left[l + 2 * PANEL_ROWS];
        float a3 = left[l + 3 * PANEL_ROWS];
        float a4 = left[l + 4 * PANEL_ROWS];
        float a5 = left[l + 5 * PANEL_ROWS];
        float a6 = left[l + 6 * PANEL_ROWS];
        float a7 = left[l + 7 * PANEL_ROWS];
        int r1 = r + columns;
        int r2 = r1 + columns;
        int r3 = r2 + columns;
        int r4 = r3 + columns;
        int r5 = r4 + columns;
        int r6 = r5 + columns;
        int r7 = r6 + columns;
        for (int j = 0; j < columns; j++) {
            sum[s + j] += ((a0 * right[r + j] + a1 * right[r1 + j]) + (a2 * right[r2 + j] + a3 * right[r3 + j]))
                    + ((a4 * right[r4 + j] + a5 * right[r5 + j]) + (a6 * right[r6 + j] + a7 * right[r7 + j]));
        }
    }

    private static void addOne(float a, float[] right, int r, int columns, float[] sum, int s) {
        for (int j = 0; j < columns; j++) {
            sum[s + j] += a * right[r + j];
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
    public void layerNorm(float[] row, int offset, int length, float[] weight, float[] bias, float epsilon) {
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
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[aOffset + i] * b[bOffset + i];
        }
        return (float) sum;
    }

    @Override
    public void exponentials(float[] scores, int rows, int columns, float scale, float[] reciprocals) {
        float[] maxima = reciprocals;
        System.arraycopy(scores, 0, maxima, 0, columns);
        for (int row = 1; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                maxima[j] = Math.max(maxima[j], scores[offset + j]);
            }
        }
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                scores[offset + j] = Exp.exp(scale * (scores[offset + j] - maxima[j]));
            }
        }
        System.arraycopy(scores, 0, reciprocals, 0, columns);
        for (int row = 1; row < rows; row++) {
            int offset = row * columns;
            for (int j = 0; j < columns; j++) {
                reciprocals[j] += scores[offset + j];
            }
        }
        for (int j = 0; j < columns; j++) {
            reciprocals[j] = 1 / reciprocals[j];
        }
    }
}
