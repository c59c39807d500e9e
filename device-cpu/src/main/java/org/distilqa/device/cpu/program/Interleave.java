package org.distilqa.device.cpu.program;

/** Turns rows into a panel: the first elements of all rows, then the second ones, and so on. */
final class Interleave {
    private Interleave() {}

    /**
     * Interleaves some rows; what the panel has no rows for is zero.
     *
     * @param source the rows
     * @param offset where the first starts
     * @param stride the elements from one row to the next
     * @param rows how many, 1 to {@code panelRows}
     * @param columns their elements
     * @param target the panel, {@code columns * panelRows} elements from {@code to} on
     */
    static void rows(
            float[] source, int offset, int stride, int rows, int columns, float[] target, int to, int panelRows) {
        int row = 0;
        // Eight at a time, so that the panel is passed over seldom.
        for (; row < rows - 7; row += 8) {
            eight(source, offset + row * stride, stride, columns, target, to + row, panelRows);
        }
        for (; row < rows - 3; row += 4) {
            four(source, offset + row * stride, stride, columns, target, to + row, panelRows);
        }
        for (; row < rows; row++) {
            int from = offset + row * stride;
            for (int k = 0; k < columns; k++) {
                target[to + row + k * panelRows] = source[from + k];
            }
        }
        for (; row < panelRows; row++) {
            for (int k = 0; k < columns; k++) {
                target[to + row + k * panelRows] = 0;
            }
        }
    }

    private static void eight(float[] source, int a, int stride, int columns, float[] target, int to, int panelRows) {
        int b = a + stride;
        int c = b + stride;
        int d = c + stride;
        int e = d + stride;
        int f = e + stride;
        int g = f + stride;
        int h = g + stride;
        int at = to;
        for (int k = 0; k < columns; k++) {
            target[at] = source[a + k];
            target[at + 1] = source[b + k];
            target[at + 2] = source[c + k];
            target[at + 3] = source[d + k];
            target[at + 4] = source[e + k];
            target[at + 5] = source[f + k];
            target[at + 6] = source[g + k];
            target[at + 7] = source[h + k];
            at += panelRows;
        }
    }

    /** Copies eight columns of a matrix, given row by row, row after row. */
    static void eightColumns(float[] source, int offset, int stride, int rows, float[] target, int to, int step) {
        int from = offset;
        int at = to;
        for (int row = 0; row < rows; row++) {
            target[at] = source[from];
            target[at + 1] = source[from + 1];
            target[at + 2] = source[from + 2];
            target[at + 3] = source[from + 3];
            target[at + 4] = source[from + 4];
            target[at + 5] = source[from + 5];
            target[at + 6] = source[from + 6];
            target[at + 7] = source[from + 7];
            from += stride;
            at += step;
        }
    }

    private static void four(float[] source, int a, int stride, int columns, float[] target, int to, int panelRows) {
        int b = a + stride;
        int c = b + stride;
        int d = c + stride;
        int at = to;
        for (int k = 0; k < columns; k++) {
            target[at] = source[a + k];
            target[at + 1] = source[b + k];
            target[at + 2] = source[c + k];
            target[at + 3] = source[d + k];
            at += panelRows;
        }
    }
}
