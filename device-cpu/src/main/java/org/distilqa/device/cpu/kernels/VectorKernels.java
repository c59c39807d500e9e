package org.distilqa.device.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels of the Vector API. The compiler keeps vectors in registers only where it inlines everything and knows the species
 * as a constant, hence the static final species and the accumulators spelt out one by one. All call the API itself and no short
 * forms of ours: in methods as long, C2 inlines nothing more but what the JDK forces it to, and then a vector is an object. For
 * the same reason they call a vector that was just made, with the one that a loop carries as its argument: C2 knows the exact
 * class of the first, and so what it calls.
 */
final class VectorKernels implements Kernels {
    /** The width can be set for tests; by default it is the processor's. */
    private static final int BITS =
            Integer.getInteger("distilqa.cpu.vectorBits", FloatVector.SPECIES_PREFERRED.vectorBitSize());

    private static final VectorSpecies<Float> SPECIES = species();
    private static final int LANES = SPECIES.length();

    /**
     * The accumulators, a vector of the right operand for each of their columns and one of the left: 8 rows of 3 vectors take
     * 28 of the 32 registers of AVX-512, NEON and SVE, 6 rows of 2 take 15 of the 16 of AVX2 and SSE. More accumulators are no
     * faster: some compilers then begin to spill.
     */
    private static final boolean SIXTEEN_REGISTERS = Processor.isX86() && SPECIES.vectorBitSize() < 512;

    private static final int PANEL_ROWS = SIXTEEN_REGISTERS ? 6 : 8;
    private static final int PANEL_COLUMNS = (SIXTEEN_REGISTERS ? 2 : 3) * LANES;

    /**
     * What an index of a panel needs of an int. Once C2 knows that adding to it cannot overflow, the three loads of a step
     * share one address register.
     */
    private static final int INDEX_BITS = 0x3fffffff;

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
    public Kernels ofOneThread() {
        return this;
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
            int leftStep,
            int rows,
            float[] right,
            int rightOffset,
            int columns,
            int depth,
            float[] sum,
            int sumOffset,
            int stride) {
        if (SIXTEEN_REGISTERS) {
            multiply6x2(left, leftOffset, leftStep, right, rightOffset, depth, sum, sumOffset, stride);
        } else {
            multiply8x3(left, leftOffset, leftStep, right, rightOffset, depth, sum, sumOffset, stride);
        }
    }

    @Override
    public int multiplyAddAndReadAhead(
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
            int stride,
            int next,
            int nextStep) {
        if (SIXTEEN_REGISTERS) {
            multiply6x2(left, leftOffset, leftStep, right, rightOffset, depth, sum, sumOffset, stride);
            return 0;
        }
        return multiply8x3AndReadAhead(
                left, leftOffset, leftStep, right, rightOffset, depth, sum, sumOffset, stride, next, nextStep);
    }

    private static void multiply8x3(
            float[] left, int l, int step, float[] right, int r, int depth, float[] sum, int s, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s0c = FloatVector.fromArray(SPECIES, sum, s + 2 * LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s1c = FloatVector.fromArray(SPECIES, sum, s + stride + 2 * LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s2c = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + 2 * LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        FloatVector s3c = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + 2 * LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, s + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + LANES);
        FloatVector s4c = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + 2 * LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, s + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + LANES);
        FloatVector s5c = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + 2 * LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, s + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + LANES);
        FloatVector s6c = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + 2 * LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, s + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + LANES);
        FloatVector s7c = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + 2 * LANES);
        int row = l;
        int first = r & INDEX_BITS;
        int end = (r + depth * 3 * LANES) & INDEX_BITS;
        for (int column = first; column < end; column += 3 * LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, right, column);
            FloatVector b = FloatVector.fromArray(SPECIES, right, column + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, right, column + 2 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            s0c = x.fma(c, s0c);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            s1c = x.fma(c, s1c);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            s2c = x.fma(c, s2c);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            s3c = x.fma(c, s3c);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            s4c = x.fma(c, s4c);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            s5c = x.fma(c, s5c);
            x = FloatVector.broadcast(SPECIES, left[row + 6]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            s6c = x.fma(c, s6c);
            x = FloatVector.broadcast(SPECIES, left[row + 7]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
            s7c = x.fma(c, s7c);
            row += step;
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s0c.intoArray(sum, s + 2 * LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s1c.intoArray(sum, s + stride + 2 * LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s2c.intoArray(sum, s + 2 * stride + 2 * LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
        s3c.intoArray(sum, s + 3 * stride + 2 * LANES);
        s4a.intoArray(sum, s + 4 * stride);
        s4b.intoArray(sum, s + 4 * stride + LANES);
        s4c.intoArray(sum, s + 4 * stride + 2 * LANES);
        s5a.intoArray(sum, s + 5 * stride);
        s5b.intoArray(sum, s + 5 * stride + LANES);
        s5c.intoArray(sum, s + 5 * stride + 2 * LANES);
        s6a.intoArray(sum, s + 6 * stride);
        s6b.intoArray(sum, s + 6 * stride + LANES);
        s6c.intoArray(sum, s + 6 * stride + 2 * LANES);
        s7a.intoArray(sum, s + 7 * stride);
        s7b.intoArray(sum, s + 7 * stride + LANES);
        s7c.intoArray(sum, s + 7 * stride + 2 * LANES);
    }

    /**
     * As {@link #multiply8x3}, and reads ahead. Not one method for both: in a product that need not read ahead, reading again what it
     * reads anyway takes 2.4 % more time.
     */
    private static int multiply8x3AndReadAhead(
            float[] left,
            int l,
            int step,
            float[] right,
            int r,
            int depth,
            float[] sum,
            int s,
            int stride,
            int next,
            int nextStep) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, s);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, s + LANES);
        FloatVector s0c = FloatVector.fromArray(SPECIES, sum, s + 2 * LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, s + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, s + stride + LANES);
        FloatVector s1c = FloatVector.fromArray(SPECIES, sum, s + stride + 2 * LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, s + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + LANES);
        FloatVector s2c = FloatVector.fromArray(SPECIES, sum, s + 2 * stride + 2 * LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, s + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + LANES);
        FloatVector s3c = FloatVector.fromArray(SPECIES, sum, s + 3 * stride + 2 * LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, s + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + LANES);
        FloatVector s4c = FloatVector.fromArray(SPECIES, sum, s + 4 * stride + 2 * LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, s + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + LANES);
        FloatVector s5c = FloatVector.fromArray(SPECIES, sum, s + 5 * stride + 2 * LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, s + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + LANES);
        FloatVector s6c = FloatVector.fromArray(SPECIES, sum, s + 6 * stride + 2 * LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, s + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + LANES);
        FloatVector s7c = FloatVector.fromArray(SPECIES, sum, s + 7 * stride + 2 * LANES);
        int seen = 0;
        int ahead = next;
        int row = l;
        int first = r & INDEX_BITS;
        int end = (r + depth * 3 * LANES) & INDEX_BITS;
        for (int column = first; column < end; column += 3 * LANES) {
            seen ^= Float.floatToRawIntBits(right[ahead]);
            ahead += nextStep;
            FloatVector a = FloatVector.fromArray(SPECIES, right, column);
            FloatVector b = FloatVector.fromArray(SPECIES, right, column + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, right, column + 2 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            s0c = x.fma(c, s0c);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            s1c = x.fma(c, s1c);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            s2c = x.fma(c, s2c);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            s3c = x.fma(c, s3c);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            s4c = x.fma(c, s4c);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            s5c = x.fma(c, s5c);
            x = FloatVector.broadcast(SPECIES, left[row + 6]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            s6c = x.fma(c, s6c);
            x = FloatVector.broadcast(SPECIES, left[row + 7]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
            s7c = x.fma(c, s7c);
            row += step;
        }
        s0a.intoArray(sum, s);
        s0b.intoArray(sum, s + LANES);
        s0c.intoArray(sum, s + 2 * LANES);
        s1a.intoArray(sum, s + stride);
        s1b.intoArray(sum, s + stride + LANES);
        s1c.intoArray(sum, s + stride + 2 * LANES);
        s2a.intoArray(sum, s + 2 * stride);
        s2b.intoArray(sum, s + 2 * stride + LANES);
        s2c.intoArray(sum, s + 2 * stride + 2 * LANES);
        s3a.intoArray(sum, s + 3 * stride);
        s3b.intoArray(sum, s + 3 * stride + LANES);
        s3c.intoArray(sum, s + 3 * stride + 2 * LANES);
        s4a.intoArray(sum, s + 4 * stride);
        s4b.intoArray(sum, s + 4 * stride + LANES);
        s4c.intoArray(sum, s + 4 * stride + 2 * LANES);
        s5a.intoArray(sum, s + 5 * stride);
        s5b.intoArray(sum, s + 5 * stride + LANES);
        s5c.intoArray(sum, s + 5 * stride + 2 * LANES);
        s6a.intoArray(sum, s + 6 * stride);
        s6b.intoArray(sum, s + 6 * stride + LANES);
        s6c.intoArray(sum, s + 6 * stride + 2 * LANES);
        s7a.intoArray(sum, s + 7 * stride);
        s7b.intoArray(sum, s + 7 * stride + LANES);
        s7c.intoArray(sum, s + 7 * stride + 2 * LANES);
        return seen;
    }

    private static void multiply6x2(
            float[] left, int l, int step, float[] right, int r, int depth, float[] sum, int s, int stride) {
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
        int row = l;
        int first = r & INDEX_BITS;
        int end = (r + depth * 2 * LANES) & INDEX_BITS;
        for (int column = first; column < end; column += 2 * LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, right, column);
            FloatVector b = FloatVector.fromArray(SPECIES, right, column + LANES);
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
            row += step;
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

    @Override
    public void gelu(float[] values, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, i);
            FloatVector y = x.mul(Erf.SQRT_HALF).max(-Erf.LIMIT).min(Erf.LIMIT);
            FloatVector s = y.mul(y);
            FloatVector p = FloatVector.broadcast(SPECIES, Erf.P5)
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.P4))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.P3))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.P2))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.P1))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.P0));
            FloatVector q = FloatVector.broadcast(SPECIES, Erf.Q5)
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.Q4))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.Q3))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.Q2))
                    .fma(s, FloatVector.broadcast(SPECIES, Erf.Q1))
                    .fma(s, FloatVector.broadcast(SPECIES, 1));
            FloatVector half = x.mul(0.5f);
            half.fma(y.mul(p).div(q), half).intoArray(values, i);
        }
        SCALAR.gelu(values, i, end - i);
    }

    @Override
    public void gate(float[] values, int offset, int length, float linear, float cubic) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, i);
            FloatVector y = x.max(Exp.MINIMUM).min(Gate.LIMIT);
            // As Exp.exp.
            FloatVector argument = y.mul(y)
                    .fma(FloatVector.broadcast(SPECIES, -cubic), FloatVector.broadcast(SPECIES, -linear))
                    .mul(y)
                    .min(Gate.LIMIT)
                    .max(Exp.MINIMUM);
            FloatVector shifted = argument.fma(
                    FloatVector.broadcast(SPECIES, Exp.LOG2_E), FloatVector.broadcast(SPECIES, Exp.ROUNDER));
            FloatVector n = shifted.sub(Exp.ROUNDER);
            FloatVector r = n.fma(
                    FloatVector.broadcast(SPECIES, -Exp.LN2_LOW),
                    n.fma(FloatVector.broadcast(SPECIES, -Exp.LN2_HIGH), argument));
            FloatVector p = FloatVector.broadcast(SPECIES, Exp.C6)
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C5))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C4))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C2))
                    .fma(r.mul(r), r)
                    .add(1);
            FloatVector exp = p.mul(shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.MANTISSA_BITS)
                    .reinterpretAsFloats());
            x.div(exp.add(1)).intoArray(values, i);
        }
        SCALAR.gate(values, i, end - i, linear, cubic);
    }

    @Override
    public void relu(float[] values, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, values, i).max(0).intoArray(values, i);
        }
        SCALAR.relu(values, i, end - i);
    }

    @Override
    public void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, aOffset + i)
                    .add(FloatVector.fromArray(SPECIES, b, bOffset + i))
                    .intoArray(sum, sumOffset + i);
        }
        SCALAR.add(a, aOffset + i, b, bOffset + i, sum, sumOffset + i, length - i);
    }

    @Override
    public void layerNorm(
            float[] row, int offset, int length, float[] weight, float[] bias, float epsilon, float[] partial) {
        FloatVector sums = FloatVector.broadcast(SPECIES, 0);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            sums = FloatVector.fromArray(SPECIES, row, offset + i).add(sums);
        }
        sums.intoArray(partial, 0);
        double sum = LaneSums.total(partial, LANES);
        for (; i < length; i++) {
            sum += row[offset + i];
        }
        float mean = (float) (sum / length);
        FloatVector squares = FloatVector.broadcast(SPECIES, 0);
        for (i = 0; i <= length - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, row, offset + i).sub(mean);
            squares = x.fma(x, squares);
        }
        squares.intoArray(partial, 0);
        double squaresSum = LaneSums.total(partial, LANES);
        for (; i < length; i++) {
            float x = row[offset + i] - mean;
            squaresSum += x * x;
        }
        float factor = (float) (1 / Math.sqrt(squaresSum / length + epsilon));
        for (i = 0; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, row, offset + i)
                    .sub(mean)
                    .mul(factor)
                    .fma(FloatVector.fromArray(SPECIES, weight, i), FloatVector.fromArray(SPECIES, bias, i))
                    .intoArray(row, offset + i);
        }
        for (; i < length; i++) {
            row[offset + i] = (row[offset + i] - mean) * factor * weight[i] + bias[i];
        }
    }

    @Override
    public void onlineSoftmax(
            float[] scores, int rows, int columns, float scale, float[] maxima, float[] sums, float[] factors) {
        System.arraycopy(maxima, 0, factors, 0, columns);
        for (int column = 0; column < columns; column += LANES) {
            takeMaximum(scores, rows, columns, column, maxima);
        }
        // So few that vectors would gain nothing.
        OnlineSoftmax.rescale(columns, scale, maxima, sums, factors);
        for (int column = 0; column < columns; column += LANES) {
            takeExponentials(scores, rows, columns, column, scale, maxima, sums);
        }
    }

    private static void takeExponentials(
            float[] scores, int rows, int columns, int column, float scale, float[] maxima, float[] sums) {
        FloatVector maximum = FloatVector.fromArray(SPECIES, maxima, column);
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, column);
        for (int at = column; at < column + rows * columns; at += columns) {
            // As Exp.exp.
            FloatVector x = FloatVector.fromArray(SPECIES, scores, at)
                    .sub(maximum)
                    .mul(scale)
                    .max(Exp.MINIMUM);
            FloatVector shifted =
                    x.fma(FloatVector.broadcast(SPECIES, Exp.LOG2_E), FloatVector.broadcast(SPECIES, Exp.ROUNDER));
            FloatVector n = shifted.sub(Exp.ROUNDER);
            FloatVector r = n.fma(
                    FloatVector.broadcast(SPECIES, -Exp.LN2_LOW),
                    n.fma(FloatVector.broadcast(SPECIES, -Exp.LN2_HIGH), x));
            FloatVector p = FloatVector.broadcast(SPECIES, Exp.C6)
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C5))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C4))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, Exp.C2))
                    .fma(r.mul(r), r)
                    .add(1);
            IntVector exponent = shifted.reinterpretAsInts();
            FloatVector exp = p.mul(
                    exponent.lanewise(VectorOperators.LSHL, Exp.MANTISSA_BITS).reinterpretAsFloats());
            exp.intoArray(scores, at);
            sum = exp.add(sum);
        }
        sum.intoArray(sums, column);
    }

    /** Raises the maxima of one vector of columns. Four in turn, because one maximum would wait for the one before. */
    private static void takeMaximum(float[] scores, int rows, int columns, int column, float[] maxima) {
        FloatVector a = FloatVector.fromArray(SPECIES, maxima, column);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int at = column;
        int row = 0;
        for (; row < rows - 3; row += 4) {
            a = FloatVector.fromArray(SPECIES, scores, at).max(a);
            b = FloatVector.fromArray(SPECIES, scores, at + columns).max(b);
            c = FloatVector.fromArray(SPECIES, scores, at + 2 * columns).max(c);
            d = FloatVector.fromArray(SPECIES, scores, at + 3 * columns).max(d);
            at += 4 * columns;
        }
        for (; row < rows; row++) {
            a = FloatVector.fromArray(SPECIES, scores, at).max(a);
            at += columns;
        }
        a.max(b).max(c.max(d)).intoArray(maxima, column);
    }

    @Override
    public void multiplyColumns(float[] matrix, int rows, int columns, float[] factors) {
        for (int column = 0; column < columns; column += LANES) {
            FloatVector factor = FloatVector.fromArray(SPECIES, factors, column);
            for (int at = column; at < column + rows * columns; at += columns) {
                FloatVector.fromArray(SPECIES, matrix, at).mul(factor).intoArray(matrix, at);
            }
        }
    }
}
