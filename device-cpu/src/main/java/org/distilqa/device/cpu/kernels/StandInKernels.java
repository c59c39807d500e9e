package org.distilqa.device.cpu.kernels;

import java.util.Arrays;

/**
 * Does in plain loops what other kernels do in vectors, bit for bit: while C2 has not compiled those, each of their operations
 * on a vector is a call that allocates its result, and what is written here is many times faster, compiled or not.
 *
 * <p>The same bits, because a sum is added up in the same order, with the same fused products, and in as many partial sums as
 * a vector has lanes. (The sign of a zero may be another.)
 */
final class StandInKernels implements Kernels {
    private static final ScalarKernels SCALAR = new ScalarKernels();

    private final Kernels original;
    private final int lanes;
    private final ProductBlock block = new ProductBlock(StandInKernels::addProducts);

    /**
     * @param original the kernels to stand in for, which know the bits of a vector
     */
    StandInKernels(Kernels original) {
        this.original = original;
        this.lanes = original.vectorBits() / Float.SIZE;
    }

    @Override
    public String name() {
        return original.name();
    }

    @Override
    public String description() {
        return original.description();
    }

    @Override
    public int vectorBits() {
        return original.vectorBits();
    }

    @Override
    public boolean areStandIns() {
        return true;
    }

    @Override
    public Kernels ofOneThread() {
        return new StandInKernels(original);
    }

    @Override
    public int panelRows() {
        return original.panelRows();
    }

    @Override
    public int panelColumns(int columns) {
        return original.panelColumns(columns);
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

    /** Adds four rows, each times its factor, to a fifth, one after another. */
    private static void addProducts(float[] sum, float[] rows, float[] factors, int columns) {
        float a0 = factors[0];
        float a1 = factors[1];
        float a2 = factors[2];
        float a3 = factors[3];
        for (int j = 0; j < columns; j++) {
            float s = Math.fma(a0, rows[j], sum[j]);
            s = Math.fma(a1, rows[j + ProductBlock.MAX_COLUMNS], s);
            s = Math.fma(a2, rows[j + 2 * ProductBlock.MAX_COLUMNS], s);
            sum[j] = Math.fma(a3, rows[j + 3 * ProductBlock.MAX_COLUMNS], s);
        }
    }

    @Override
    public void gelu(float[] values, int offset, int length) {
        int whole = length / lanes * lanes;
        for (int i = offset; i < offset + whole; i++) {
            float x = values[i];
            float y = Math.min(Math.max(x * Erf.SQRT_HALF, -Erf.LIMIT), Erf.LIMIT);
            float s = y * y;
            float p = Math.fma(Erf.P5, s, Erf.P4);
            p = Math.fma(p, s, Erf.P3);
            p = Math.fma(p, s, Erf.P2);
            p = Math.fma(p, s, Erf.P1);
            p = Math.fma(p, s, Erf.P0);
            float q = Math.fma(Erf.Q5, s, Erf.Q4);
            q = Math.fma(q, s, Erf.Q3);
            q = Math.fma(q, s, Erf.Q2);
            q = Math.fma(q, s, Erf.Q1);
            q = Math.fma(q, s, 1);
            float half = x * 0.5f;
            values[i] = Math.fma(half, y * p / q, half);
        }
        SCALAR.gelu(values, offset + whole, length - whole);
    }

    @Override
    public void gate(float[] values, int offset, int length, float linear, float cubic) {
        int whole = length / lanes * lanes;
        for (int i = offset; i < offset + whole; i++) {
            float x = values[i];
            float y = Math.min(Math.max(x, Exp.MINIMUM), Gate.LIMIT);
            float argument = y * Math.fma(y * y, -cubic, -linear);
            values[i] = x / (fusedExp(Math.min(argument, Gate.LIMIT)) + 1);
        }
        SCALAR.gate(values, offset + whole, length - whole, linear, cubic);
    }

    @Override
    public void relu(float[] values, int offset, int length) {
        SCALAR.relu(values, offset, length);
    }

    @Override
    public void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length) {
        SCALAR.add(a, aOffset, b, bOffset, sum, sumOffset, length);
    }

    @Override
    public void layerNorm(
            float[] row, int offset, int length, float[] weight, float[] bias, float epsilon, float[] partial) {
        int whole = length / lanes * lanes;
        Arrays.fill(partial, 0, lanes, 0);
        for (int i = 0; i < whole; i += lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                partial[lane] += row[offset + i + lane];
            }
        }
        double sum = LaneSums.total(partial, lanes);
        for (int i = whole; i < length; i++) {
            sum += row[offset + i];
        }
        float mean = (float) (sum / length);
        Arrays.fill(partial, 0, lanes, 0);
        for (int i = 0; i < whole; i += lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                float x = row[offset + i + lane] - mean;
                partial[lane] = Math.fma(x, x, partial[lane]);
            }
        }
        double squares = LaneSums.total(partial, lanes);
        for (int i = whole; i < length; i++) {
            float x = row[offset + i] - mean;
            squares += x * x;
        }
        float factor = (float) (1 / Math.sqrt(squares / length + epsilon));
        for (int i = 0; i < whole; i++) {
            row[offset + i] = Math.fma((row[offset + i] - mean) * factor, weight[i], bias[i]);
        }
        for (int i = whole; i < length; i++) {
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
                float exp = fusedExp((scores[offset + j] - maxima[j]) * scale);
                scores[offset + j] = exp;
                sums[j] += exp;
            }
        }
    }

    /** As {@link Exp#exp}, with fused products. */
    private static float fusedExp(float argument) {
        float x = Math.max(argument, Exp.MINIMUM);
        float shifted = Math.fma(x, Exp.LOG2_E, Exp.ROUNDER);
        float n = shifted - Exp.ROUNDER;
        float r = Math.fma(n, -Exp.LN2_LOW, Math.fma(n, -Exp.LN2_HIGH, x));
        float p = Math.fma(Exp.C6, r, Exp.C5);
        p = Math.fma(p, r, Exp.C4);
        p = Math.fma(p, r, Exp.C3);
        p = Math.fma(p, r, Exp.C2);
        p = Math.fma(p, r * r, r) + 1;
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << Exp.MANTISSA_BITS);
    }

    @Override
    public void multiplyColumns(float[] matrix, int rows, int columns, float[] factors) {
        SCALAR.multiplyColumns(matrix, rows, columns, factors);
    }
}
