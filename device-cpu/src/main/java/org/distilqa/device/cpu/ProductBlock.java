package org.distilqa.device.cpu;

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

    final float[] left = new float[DEPTH];
    final float[] right = new float[DEPTH * MAX_COLUMNS];
    final float[] sum = new float[MAX_COLUMNS];

    /** Copies rows of a right operand's panel; those that are missing count nothing. */
    void setRight(float[] source, int offset, int columns, int count) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(source, offset + i * columns, right, i * MAX_COLUMNS, columns);
        }
        Arrays.fill(right, count * MAX_COLUMNS, right.length, 0);
    }

    /** Copies elements of a row of the left operand; those that are missing are 0. */
    void setLeft(float[] source, int offset, int step, int count) {
        for (int i = 0; i < count; i++) {
            left[i] = source[offset + i * step];
        }
        Arrays.fill(left, count, DEPTH, 0);
    }
}
