package org.distilqa.device.cpu.kernels;

import java.util.Arrays;

/**
 * The operands of a few steps of a product, at places that are constants: with offsets known only at run time, C2 cannot rule
 * out that reads and writes overlap, and compiles a plain loop over them four times slower. Used by one thread at a time.
 */
final class ProductBlock {
    /** The most columns of a right operand's panel. */
    static final int MAX_COLUMNS = 256;

    /** How many steps are taken together. */
    static final int DEPTH = 4;

    private final RowProducts products;
    private final float[] left = new float[DEPTH];
    private final float[] right = new float[DEPTH * MAX_COLUMNS];
    private final float[] sum = new float[MAX_COLUMNS];

    /** Adds the first {@code columns} elements of {@value #DEPTH} rows, {@value #MAX_COLUMNS} apart and each times its factor, to a sum. */
    interface RowProducts {
        void add(float[] sum, float[] rows, float[] factors, int columns);
    }

    ProductBlock(RowProducts products) {
        this.products = products;
    }

    /** As {@link Kernels#multiplyAdd}. */
    void multiplyAdd(
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
        for (int k = 0; k < depth; k += DEPTH) {
            int count = Math.min(DEPTH, depth - k);
            setRight(right, rightOffset + k * columns, columns, count);
            for (int row = 0; row < rows; row++) {
                setLeft(left, leftOffset + k * leftStep + row, leftStep, count);
                int at = sumOffset + row * stride;
                System.arraycopy(sum, at, this.sum, 0, columns);
                products.add(this.sum, this.right, this.left, columns);
                System.arraycopy(this.sum, 0, sum, at, columns);
            }
        }
    }

    /** Copies rows of a right operand's panel; those that are missing count nothing. */
    private void setRight(float[] source, int offset, int columns, int count) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(source, offset + i * columns, right, i * MAX_COLUMNS, columns);
        }
        Arrays.fill(right, count * MAX_COLUMNS, right.length, 0);
    }

    /** Copies elements of a row of the left operand; those that are missing are 0. */
    private void setLeft(float[] source, int offset, int step, int count) {
        for (int i = 0; i < count; i++) {
            left[i] = source[offset + i * step];
        }
        Arrays.fill(left, count, DEPTH, 0);
    }
}
