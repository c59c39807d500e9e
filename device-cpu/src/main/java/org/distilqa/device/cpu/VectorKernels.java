package org.distilqa.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels of the Vector API. The compiler keeps vectors in registers only where it inlines everything and knows the species
 * as a constant, hence the static final species and the accumulators spelt out one by one. The products call the API itself
 * and not the short forms below: in methods as long, C2 inlines nothing more but what the JDK forces it to.
 */
final class VectorKernels implements Kernels {
    /** The width can be set for tests; by default it is the processor's. */
    private static final int BITS =
            Integer.getInteger("distilqa.cpu.vectorBits", FloatVector.SPECIES_PREFERRED.vectorBitSize());

    private static final VectorSpecies<Float> SPECIES = species();
    private static final int LANES = SPECIES.length();
    private static final int PANEL_COLUMNS = 2 * LANES;

    /**
     * Two accumulators per row, two vectors of the right operand and one of the left: 12 rows take 27 of the 32 registers of
     * AVX-512, NEON and SVE, 6 rows 15 of the 16 of AVX2 and SSE.
     */
    private static final int PANEL_ROWS = hasSixteenRegisters() ? 6 : 12;

    /** For what is left over when a row is not a whole number of vectors. */
    private static final ScalarKernels SCALAR = new ScalarKernels();

    private static VectorSpecies<Float> species() {
        switch (BITS) {
            case 64:
                return FloatVector.SPECIES_64;
            case 128:
                return FloatVector.SPECIES_128;
            case 256:
                return FloatVector.SPECIES_256;
            case 512:
                return FloatVector.SPECIES_512;
            default:
                return FloatVector.SPECIES_PREFERRED;
        }
    }

    private static boolean hasSixteenRegisters() {
        return Processor.isX86() && SPECIES.vectorBitSize() < 512;
    }

    @Override
    public String name() {
        return KernelsLookup.VECTOR;
    }

    @Override
    public String description() {
        return "Vector API with " + SPECIES.vectorBitSize() + "-bit vectors";
    }

    @Override
    public int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public int panelRows() {
        return PANEL_ROWS;
    }

    @Override
    public int panelColumns(int columns) {
        return PANEL_COLUMNS;
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
        if (rows > 8) {
            multiply12(left, leftOffset, right, rightOffset, depth, sum, sumOffset, stride);
        } else if (rows > 6) {
            multiply8(left, leftOffset, right, rightOffset, depth, sum, sumOffset, stride);
        } else if (rows > 4) {
            multiply6(left, leftOffset, right, rightOffset, depth, sum, sumOffset, stride);
        } else {
            multiply4(left, leftOffset, right, rightOffset, depth, sum, sumOffset, stride);
        }
    }

    private static void multiply12(
            float[] left, int l, float[] right, int r, int depth, float[] sum, int s, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, s + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, s + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, s + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, s + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + LANES);
        FloatVector s8a = FloatVector.fromArray(SPECIES, sum, s + 8 * stride);
        FloatVector s8b = FloatVector.fromArray(SPECIES, sum, s + 8 * stride + LANES);
        FloatVector s9a = FloatVector.fromArray(SPECIES, sum, s + 9 * stride);
        FloatVector s9b = FloatVector.fromArray(SPECIES, sum, s + 9 * stride + LANES);
        FloatVector s10a = FloatVector.fromArray(SPECIES, sum, s + 10 * stride);
        FloatVector s10b = FloatVector.fromArray(SPECIES, sum, s + 10 * stride + LANES);
        FloatVector s11a = FloatVector.fromArray(SPECIES, sum, s + 11 * stride);
        FloatVector s11b = FloatVector.fromArray(SPECIES, sum, s + 11 * stride + LANES);
        for (int k = 0; k < depth; k++) {
            int row = l + k * PANEL_ROWS;
            FloatVector a = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS);
            FloatVector b = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            x = FloatVector.broadcast(SPECIES, left[row + 6]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            x = FloatVector.broadcast(SPECIES, left[row + 7]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
            x = FloatVector.broadcast(SPECIES, left[row + 8]);
            s8a = x.fma(a, s8a);
            s8b = x.fma(b, s8b);
            x = FloatVector.broadcast(SPECIES, left[row + 9]);
            s9a = x.fma(a, s9a);
            s9b = x.fma(b, s9b);
            x = FloatVector.broadcast(SPECIES, left[row + 10]);
            s10a = x.fma(a, s10a);
            s10b = x.fma(b, s10b);
            x = FloatVector.broadcast(SPECIES, left[row + 11]);
            s11a = x.fma(a, s11a);
            s11b = x.fma(b, s11b);
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
        s4a.intoArray(sum, s + 4 * stride);
        s4b.intoArray(sum, s + 4 * stride + LANES);
        s5a.intoArray(sum, s + 5 * stride);
        s5b.intoArray(sum, s + 5 * stride + LANES);
        s6a.intoArray(sum, s + 6 * stride);
        s6b.intoArray(sum, s + 6 * stride + LANES);
        s7a.intoArray(sum, s + 7 * stride);
        s7b.intoArray(sum, s + 7 * stride + LANES);
        s8a.intoArray(sum, s + 8 * stride);
        s8b.intoArray(sum, s + 8 * stride + LANES);
        s9a.intoArray(sum, s + 9 * stride);
        s9b.intoArray(sum, s + 9 * stride + LANES);
        s10a.intoArray(sum, s + 10 * stride);
        s10b.intoArray(sum, s + 10 * stride + LANES);
        s11a.intoArray(sum, s + 11 * stride);
        s11b.intoArray(sum, s + 11 * stride + LANES);
    }

    private static void multiply8(
            float[] left, int l, float[] right, int r, int depth, float[] sum, int s, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, s + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, s + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, s + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, s + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + LANES);
        for (int k = 0; k < depth; k++) {
            int row = l + k * PANEL_ROWS;
            FloatVector a = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS);
            FloatVector b = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            x = FloatVector.broadcast(SPECIES, left[row + 6]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            x = FloatVector.broadcast(SPECIES, left[row + 7]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
        s4a.intoArray(sum, s + 4 * stride);
        s4b.intoArray(sum, s + 4 * stride + LANES);
        s5a.intoArray(sum, s + 5 * stride);
        s5b.intoArray(sum, s + 5 * stride + LANES);
        s6a.intoArray(sum, s + 6 * stride);
        s6b.intoArray(sum, s + 6 * stride + LANES);
        s7a.intoArray(sum, s + 7 * stride);
        s7b.intoArray(sum, s + 7 * stride + LANES);
    }

    private static void multiply6(
            float[] left, int l, float[] right, int r, int depth, float[] sum, int s, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, s + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, s + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + LANES);
        for (int k = 0; k < depth; k++) {
            int row = l + k * PANEL_ROWS;
            FloatVector a = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS);
            FloatVector b = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
        s4a.intoArray(sum, s + 4 * stride);
        s4b.intoArray(sum, s + 4 * stride + LANES);
        s5a.intoArray(sum, s + 5 * stride);
        s5b.intoArray(sum, s + 5 * stride + LANES);
    }

    private static void multiply4(
            float[] left, int l, float[] right, int r, int depth, float[] sum, int s, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        for (int k = 0; k < depth; k++) {
            int row = l + k * PANEL_ROWS;
            FloatVector a = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS);
            FloatVector b = FloatVector.fromArray(SPECIES, right, r + k * PANEL_COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
    }

    private static FloatVector load(float[] array, int offset) {
        return FloatVector.fromArray(SPECIES, array, offset);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    @Override
    public void gelu(float[] values, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector x = load(values, i);
            FloatVector y = x.mul(Erf.SQRT_HALF).max(-Erf.LIMIT).min(Erf.LIMIT);
            FloatVector s = y.mul(y);
            FloatVector p = broadcast(Erf.P5)
                    .fma(s, broadcast(Erf.P4))
                    .fma(s, broadcast(Erf.P3))
                    .fma(s, broadcast(Erf.P2))
                    .fma(s, broadcast(Erf.P1))
                    .fma(s, broadcast(Erf.P0));
            FloatVector q = broadcast(Erf.Q5)
                    .fma(s, broadcast(Erf.Q4))
                    .fma(s, broadcast(Erf.Q3))
                    .fma(s, broadcast(Erf.Q2))
                    .fma(s, broadcast(Erf.Q1))
                    .fma(s, broadcast(1));
            FloatVector half = x.mul(0.5f);
            half.fma(y.mul(p).div(q), half).intoArray(values, i);
        }
        SCALAR.gelu(values, i, end - i);
    }

    @Override
    public void relu(float[] values, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            load(values, i).max(0).intoArray(values, i);
        }
        SCALAR.relu(values, i, end - i);
    }

    @Override
    public void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            load(a, aOffset + i).add(load(b, bOffset + i)).intoArray(sum, sumOffset + i);
        }
        SCALAR.add(a, aOffset + i, b, bOffset + i, sum, sumOffset + i, length - i);
    }

    @Override
    public void layerNorm(float[] row, int offset, int length, float[] weight, float[] bias, float epsilon) {
        FloatVector sums = broadcast(0);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            sums = sums.add(load(row, offset + i));
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += row[offset + i];
        }
        float mean = (float) (sum / length);
        FloatVector squares = broadcast(0);
        for (i = 0; i <= length - LANES; i += LANES) {
            FloatVector x = load(row, offset + i).sub(mean);
            squares = x.fma(x, squares);
        }
        double squaresSum = squares.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            float x = row[offset + i] - mean;
            squaresSum += x * x;
        }
        float factor = (float) (1 / Math.sqrt(squaresSum / length + epsilon));
        for (i = 0; i <= length - LANES; i += LANES) {
            load(row, offset + i)
                    .sub(mean)
                    .mul(factor)
                    .fma(load(weight, i), load(bias, i))
                    .intoArray(row, offset + i);
        }
        for (; i < length; i++) {
            row[offset + i] = (row[offset + i] - mean) * factor * weight[i] + bias[i];
        }
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        FloatVector sums = broadcast(0);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            sums = load(a, aOffset + i).fma(load(b, bOffset + i), sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += a[aOffset + i] * b[bOffset + i];
        }
        return sum;
    }

    @Override
    public void exponentials(float[] scores, int rows, int columns, float scale, float[] reciprocals) {
        for (int column = 0; column < columns; column += LANES) {
            FloatVector maximum = load(scores, column);
            for (int row = 1; row < rows; row++) {
                maximum = maximum.max(load(scores, row * columns + column));
            }
            FloatVector sum = broadcast(0);
            for (int row = 0; row < rows; row++) {
                FloatVector exp =
                        exp(load(scores, row * columns + column).sub(maximum).mul(scale));
                exp.intoArray(scores, row * columns + column);
                sum = sum.add(exp);
            }
            broadcast(1).div(sum).intoArray(reciprocals, column);
        }
    }

    /** As {@link Exp#exp}. */
    private static FloatVector exp(FloatVector argument) {
        FloatVector x = argument.max(Exp.MINIMUM);
        FloatVector shifted = x.fma(broadcast(Exp.LOG2_E), broadcast(Exp.ROUNDER));
        FloatVector n = shifted.sub(Exp.ROUNDER);
        FloatVector r = n.fma(broadcast(-Exp.LN2_LOW), n.fma(broadcast(-Exp.LN2_HIGH), x));
        FloatVector p = broadcast(Exp.C6)
                .fma(r, broadcast(Exp.C5))
                .fma(r, broadcast(Exp.C4))
                .fma(r, broadcast(Exp.C3))
                .fma(r, broadcast(Exp.C2))
                .fma(r.mul(r), r)
                .add(1);
        IntVector exponent = shifted.reinterpretAsInts().add(Exp.EXPONENT_BIAS);
        return p.mul(exponent.lanewise(VectorOperators.LSHL, Exp.MANTISSA_BITS).reinterpretAsFloats());
    }
}
