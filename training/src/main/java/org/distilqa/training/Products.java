package org.distilqa.training;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices in float32 with the Vector API, for one thread. The right operand is packed into panels that fit into a
 * core's first cache (Goto and van de Geijn, 2008, "Anatomy of high-performance matrix multiplication"); the left one is read
 * where it is, since its rows are used once for each panel only. As in the device {@code cpu}, the kernels call vectors that were
 * just made and no short forms of ours: otherwise C2 makes objects of them.
 */
final class Products {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 8;
    private static final int WIDE = 3 * LANES;

    /** The rows of a packed panel: 192 times 48 floats are 36 kB. */
    private static final int DEPTH = 192;

    private final float[] panel = new float[DEPTH * WIDE];
    private final float[] tile = new float[ROWS * WIDE];

    /**
     * Adds the product of two matrices to a third. Element {@code (r, c)} of a matrix stands at its offset plus {@code r} times
     * its row step plus {@code c} times its column step; one of the left operand's steps must be 1, and the sum's column step is.
     *
     * @param m rows of the left operand and of the sum
     * @param n columns of the right operand and of the sum
     * @param k columns of the left and rows of the right operand
     */
    void add(
            int m,
            int n,
            int k,
            float[] left,
            int leftAt,
            int leftRow,
            int leftColumn,
            float[] right,
            int rightAt,
            int rightRow,
            int rightColumn,
            float[] sum,
            int sumAt,
            int sumRow) {
        if (leftRow != 1 && leftColumn != 1) {
            throw new IllegalArgumentException("neither rows nor columns of the left operand are contiguous");
        }
        for (int depthAt = 0; depthAt < k; depthAt += DEPTH) {
            int depth = Math.min(DEPTH, k - depthAt);
            int first = leftAt + depthAt * leftColumn;
            for (int column = 0; column < n; ) {
                int width = n - column >= WIDE ? WIDE : LANES;
                int used = Math.min(width, n - column);
                pack(
                        right,
                        rightAt + depthAt * rightRow + column * rightColumn,
                        rightRow,
                        rightColumn,
                        depth,
                        used,
                        width);
                for (int row = 0; row < m; row += ROWS) {
                    int rows = Math.min(ROWS, m - row);
                    int to = sumAt + row * sumRow + column;
                    if (rows == ROWS && used == width) {
                        block(left, first + row * leftRow, leftRow, leftColumn, depth, width, sum, to, sumRow);
                    } else {
                        edge(
                                left,
                                first + row * leftRow,
                                leftRow,
                                leftColumn,
                                rows,
                                depth,
                                width,
                                used,
                                sum,
                                to,
                                sumRow);
                    }
                }
                column += used;
            }
        }
    }

    private void pack(float[] right, int at, int rowStep, int columnStep, int depth, int used, int width) {
        if (columnStep == 1) {
            for (int d = 0; d < depth; d++) {
                System.arraycopy(right, at + d * rowStep, panel, d * width, used);
            }
        } else {
            for (int c = 0; c < used; c++) {
                int from = at + c * columnStep;
                for (int d = 0; d < depth; d++) {
                    panel[d * width + c] = right[from + d * rowStep];
                }
            }
        }
        if (used < width) {
            for (int d = 0; d < depth; d++) {
                Arrays.fill(panel, d * width + used, (d + 1) * width, 0);
            }
        }
    }

    private void block(
            float[] left, int at, int rowStep, int columnStep, int depth, int width, float[] sum, int to, int stride) {
        if (columnStep == 1) {
            if (width == WIDE) {
                rowsTimesWide(left, at, rowStep, panel, depth, sum, to, stride);
            } else {
                rowsTimesNarrow(left, at, rowStep, panel, depth, sum, to, stride);
            }
        } else if (width == WIDE) {
            columnsTimesWide(left, at, columnStep, panel, depth, sum, to, stride);
        } else {
            columnsTimesNarrow(left, at, columnStep, panel, depth, sum, to, stride);
        }
    }

    /** A block of fewer rows or columns than the kernels'. */
    private void edge(
            float[] left,
            int at,
            int rowStep,
            int columnStep,
            int rows,
            int depth,
            int width,
            int used,
            float[] sum,
            int to,
            int stride) {
        if (rows == ROWS) {
            Arrays.fill(tile, 0, ROWS * width, 0);
            block(left, at, rowStep, columnStep, depth, width, tile, 0, width);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < used; c++) {
                    sum[to + r * stride + c] += tile[r * width + c];
                }
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            if (used == width) {
                for (int c = 0; c < width; c += LANES) {
                    rowTimesVector(
                            left, at + r * rowStep, columnStep, panel, c, width, depth, sum, to + r * stride + c);
                }
                continue;
            }
            Arrays.fill(tile, 0, width, 0);
            for (int c = 0; c < width; c += LANES) {
                rowTimesVector(left, at + r * rowStep, columnStep, panel, c, width, depth, tile, c);
            }
            for (int c = 0; c < used; c++) {
                sum[to + r * stride + c] += tile[c];
            }
        }
    }

    private static void rowTimesVector(
            float[] left, int at, int step, float[] panel, int from, int width, int depth, float[] sum, int to) {
        FloatVector even = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector odd = FloatVector.zero(SPECIES);
        int d = 0;
        for (; d + 1 < depth; d += 2) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, d * width + from);
            FloatVector b = FloatVector.fromArray(SPECIES, panel, (d + 1) * width + from);
            even = FloatVector.broadcast(SPECIES, left[at + d * step]).fma(a, even);
            odd = FloatVector.broadcast(SPECIES, left[at + (d + 1) * step]).fma(b, odd);
        }
        if (d < depth) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, d * width + from);
            even = FloatVector.broadcast(SPECIES, left[at + d * step]).fma(a, even);
        }
        even.add(odd).intoArray(sum, to);
    }

    private static void rowsTimesWide(
            float[] left, int at, int rowStep, float[] panel, int depth, float[] sum, int to, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, to + LANES);
        FloatVector s0c = FloatVector.fromArray(SPECIES, sum, to + 2 * LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, to + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, to + stride + LANES);
        FloatVector s1c = FloatVector.fromArray(SPECIES, sum, to + stride + 2 * LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, to + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, to + 2 * stride + LANES);
        FloatVector s2c = FloatVector.fromArray(SPECIES, sum, to + 2 * stride + 2 * LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, to + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, to + 3 * stride + LANES);
        FloatVector s3c = FloatVector.fromArray(SPECIES, sum, to + 3 * stride + 2 * LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, to + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, to + 4 * stride + LANES);
        FloatVector s4c = FloatVector.fromArray(SPECIES, sum, to + 4 * stride + 2 * LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, to + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, to + 5 * stride + LANES);
        FloatVector s5c = FloatVector.fromArray(SPECIES, sum, to + 5 * stride + 2 * LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, to + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, to + 6 * stride + LANES);
        FloatVector s6c = FloatVector.fromArray(SPECIES, sum, to + 6 * stride + 2 * LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, to + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, to + 7 * stride + LANES);
        FloatVector s7c = FloatVector.fromArray(SPECIES, sum, to + 7 * stride + 2 * LANES);
        int r0 = at;
        int r1 = at + rowStep;
        int r2 = at + 2 * rowStep;
        int r3 = at + 3 * rowStep;
        int r4 = at + 4 * rowStep;
        int r5 = at + 5 * rowStep;
        int r6 = at + 6 * rowStep;
        int r7 = at + 7 * rowStep;
        int column = 0;
        for (int d = 0; d < depth; d++) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, column);
            FloatVector b = FloatVector.fromArray(SPECIES, panel, column + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, panel, column + 2 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, left[r0 + d]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            s0c = x.fma(c, s0c);
            x = FloatVector.broadcast(SPECIES, left[r1 + d]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            s1c = x.fma(c, s1c);
            x = FloatVector.broadcast(SPECIES, left[r2 + d]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            s2c = x.fma(c, s2c);
            x = FloatVector.broadcast(SPECIES, left[r3 + d]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            s3c = x.fma(c, s3c);
            x = FloatVector.broadcast(SPECIES, left[r4 + d]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            s4c = x.fma(c, s4c);
            x = FloatVector.broadcast(SPECIES, left[r5 + d]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            s5c = x.fma(c, s5c);
            x = FloatVector.broadcast(SPECIES, left[r6 + d]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            s6c = x.fma(c, s6c);
            x = FloatVector.broadcast(SPECIES, left[r7 + d]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
            s7c = x.fma(c, s7c);
            column += 3 * LANES;
        }
        s0a.intoArray(sum, to);
        s0b.intoArray(sum, to + LANES);
        s0c.intoArray(sum, to + 2 * LANES);
        s1a.intoArray(sum, to + stride);
        s1b.intoArray(sum, to + stride + LANES);
        s1c.intoArray(sum, to + stride + 2 * LANES);
        s2a.intoArray(sum, to + 2 * stride);
        s2b.intoArray(sum, to + 2 * stride + LANES);
        s2c.intoArray(sum, to + 2 * stride + 2 * LANES);
        s3a.intoArray(sum, to + 3 * stride);
        s3b.intoArray(sum, to + 3 * stride + LANES);
        s3c.intoArray(sum, to + 3 * stride + 2 * LANES);
        s4a.intoArray(sum, to + 4 * stride);
        s4b.intoArray(sum, to + 4 * stride + LANES);
        s4c.intoArray(sum, to + 4 * stride + 2 * LANES);
        s5a.intoArray(sum, to + 5 * stride);
        s5b.intoArray(sum, to + 5 * stride + LANES);
        s5c.intoArray(sum, to + 5 * stride + 2 * LANES);
        s6a.intoArray(sum, to + 6 * stride);
        s6b.intoArray(sum, to + 6 * stride + LANES);
        s6c.intoArray(sum, to + 6 * stride + 2 * LANES);
        s7a.intoArray(sum, to + 7 * stride);
        s7b.intoArray(sum, to + 7 * stride + LANES);
        s7c.intoArray(sum, to + 7 * stride + 2 * LANES);
    }

    private static void rowsTimesNarrow(
            float[] left, int at, int rowStep, float[] panel, int depth, float[] sum, int to, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, to + stride);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, to + 2 * stride);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, to + 3 * stride);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, to + 4 * stride);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, to + 5 * stride);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, to + 6 * stride);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, to + 7 * stride);
        int r0 = at;
        int r1 = at + rowStep;
        int r2 = at + 2 * rowStep;
        int r3 = at + 3 * rowStep;
        int r4 = at + 4 * rowStep;
        int r5 = at + 5 * rowStep;
        int r6 = at + 6 * rowStep;
        int r7 = at + 7 * rowStep;
        int column = 0;
        for (int d = 0; d < depth; d++) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, column);
            FloatVector x = FloatVector.broadcast(SPECIES, left[r0 + d]);
            s0a = x.fma(a, s0a);
            x = FloatVector.broadcast(SPECIES, left[r1 + d]);
            s1a = x.fma(a, s1a);
            x = FloatVector.broadcast(SPECIES, left[r2 + d]);
            s2a = x.fma(a, s2a);
            x = FloatVector.broadcast(SPECIES, left[r3 + d]);
            s3a = x.fma(a, s3a);
            x = FloatVector.broadcast(SPECIES, left[r4 + d]);
            s4a = x.fma(a, s4a);
            x = FloatVector.broadcast(SPECIES, left[r5 + d]);
            s5a = x.fma(a, s5a);
            x = FloatVector.broadcast(SPECIES, left[r6 + d]);
            s6a = x.fma(a, s6a);
            x = FloatVector.broadcast(SPECIES, left[r7 + d]);
            s7a = x.fma(a, s7a);
            column += LANES;
        }
        s0a.intoArray(sum, to);
        s1a.intoArray(sum, to + stride);
        s2a.intoArray(sum, to + 2 * stride);
        s3a.intoArray(sum, to + 3 * stride);
        s4a.intoArray(sum, to + 4 * stride);
        s5a.intoArray(sum, to + 5 * stride);
        s6a.intoArray(sum, to + 6 * stride);
        s7a.intoArray(sum, to + 7 * stride);
    }

    private static void columnsTimesWide(
            float[] left, int at, int columnStep, float[] panel, int depth, float[] sum, int to, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector s0b = FloatVector.fromArray(SPECIES, sum, to + LANES);
        FloatVector s0c = FloatVector.fromArray(SPECIES, sum, to + 2 * LANES);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, to + stride);
        FloatVector s1b = FloatVector.fromArray(SPECIES, sum, to + stride + LANES);
        FloatVector s1c = FloatVector.fromArray(SPECIES, sum, to + stride + 2 * LANES);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, to + 2 * stride);
        FloatVector s2b = FloatVector.fromArray(SPECIES, sum, to + 2 * stride + LANES);
        FloatVector s2c = FloatVector.fromArray(SPECIES, sum, to + 2 * stride + 2 * LANES);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, to + 3 * stride);
        FloatVector s3b = FloatVector.fromArray(SPECIES, sum, to + 3 * stride + LANES);
        FloatVector s3c = FloatVector.fromArray(SPECIES, sum, to + 3 * stride + 2 * LANES);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, to + 4 * stride);
        FloatVector s4b = FloatVector.fromArray(SPECIES, sum, to + 4 * stride + LANES);
        FloatVector s4c = FloatVector.fromArray(SPECIES, sum, to + 4 * stride + 2 * LANES);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, to + 5 * stride);
        FloatVector s5b = FloatVector.fromArray(SPECIES, sum, to + 5 * stride + LANES);
        FloatVector s5c = FloatVector.fromArray(SPECIES, sum, to + 5 * stride + 2 * LANES);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, to + 6 * stride);
        FloatVector s6b = FloatVector.fromArray(SPECIES, sum, to + 6 * stride + LANES);
        FloatVector s6c = FloatVector.fromArray(SPECIES, sum, to + 6 * stride + 2 * LANES);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, to + 7 * stride);
        FloatVector s7b = FloatVector.fromArray(SPECIES, sum, to + 7 * stride + LANES);
        FloatVector s7c = FloatVector.fromArray(SPECIES, sum, to + 7 * stride + 2 * LANES);
        int row = at;
        int column = 0;
        for (int d = 0; d < depth; d++) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, column);
            FloatVector b = FloatVector.fromArray(SPECIES, panel, column + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, panel, column + 2 * LANES);
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
            row += columnStep;
            column += 3 * LANES;
        }
        s0a.intoArray(sum, to);
        s0b.intoArray(sum, to + LANES);
        s0c.intoArray(sum, to + 2 * LANES);
        s1a.intoArray(sum, to + stride);
        s1b.intoArray(sum, to + stride + LANES);
        s1c.intoArray(sum, to + stride + 2 * LANES);
        s2a.intoArray(sum, to + 2 * stride);
        s2b.intoArray(sum, to + 2 * stride + LANES);
        s2c.intoArray(sum, to + 2 * stride + 2 * LANES);
        s3a.intoArray(sum, to + 3 * stride);
        s3b.intoArray(sum, to + 3 * stride + LANES);
        s3c.intoArray(sum, to + 3 * stride + 2 * LANES);
        s4a.intoArray(sum, to + 4 * stride);
        s4b.intoArray(sum, to + 4 * stride + LANES);
        s4c.intoArray(sum, to + 4 * stride + 2 * LANES);
        s5a.intoArray(sum, to + 5 * stride);
        s5b.intoArray(sum, to + 5 * stride + LANES);
        s5c.intoArray(sum, to + 5 * stride + 2 * LANES);
        s6a.intoArray(sum, to + 6 * stride);
        s6b.intoArray(sum, to + 6 * stride + LANES);
        s6c.intoArray(sum, to + 6 * stride + 2 * LANES);
        s7a.intoArray(sum, to + 7 * stride);
        s7b.intoArray(sum, to + 7 * stride + LANES);
        s7c.intoArray(sum, to + 7 * stride + 2 * LANES);
    }

    private static void columnsTimesNarrow(
            float[] left, int at, int columnStep, float[] panel, int depth, float[] sum, int to, int stride) {
        FloatVector s0a = FloatVector.fromArray(SPECIES, sum, to);
        FloatVector s1a = FloatVector.fromArray(SPECIES, sum, to + stride);
        FloatVector s2a = FloatVector.fromArray(SPECIES, sum, to + 2 * stride);
        FloatVector s3a = FloatVector.fromArray(SPECIES, sum, to + 3 * stride);
        FloatVector s4a = FloatVector.fromArray(SPECIES, sum, to + 4 * stride);
        FloatVector s5a = FloatVector.fromArray(SPECIES, sum, to + 5 * stride);
        FloatVector s6a = FloatVector.fromArray(SPECIES, sum, to + 6 * stride);
        FloatVector s7a = FloatVector.fromArray(SPECIES, sum, to + 7 * stride);
        int row = at;
        int column = 0;
        for (int d = 0; d < depth; d++) {
            FloatVector a = FloatVector.fromArray(SPECIES, panel, column);
            FloatVector x = FloatVector.broadcast(SPECIES, left[row]);
            s0a = x.fma(a, s0a);
            x = FloatVector.broadcast(SPECIES, left[row + 1]);
            s1a = x.fma(a, s1a);
            x = FloatVector.broadcast(SPECIES, left[row + 2]);
            s2a = x.fma(a, s2a);
            x = FloatVector.broadcast(SPECIES, left[row + 3]);
            s3a = x.fma(a, s3a);
            x = FloatVector.broadcast(SPECIES, left[row + 4]);
            s4a = x.fma(a, s4a);
            x = FloatVector.broadcast(SPECIES, left[row + 5]);
            s5a = x.fma(a, s5a);
            x = FloatVector.broadcast(SPECIES, left[row + 6]);
            s6a = x.fma(a, s6a);
            x = FloatVector.broadcast(SPECIES, left[row + 7]);
            s7a = x.fma(a, s7a);
            row += columnStep;
            column += LANES;
        }
        s0a.intoArray(sum, to);
        s1a.intoArray(sum, to + stride);
        s2a.intoArray(sum, to + 2 * stride);
        s3a.intoArray(sum, to + 3 * stride);
        s4a.intoArray(sum, to + 4 * stride);
        s5a.intoArray(sum, to + 5 * stride);
        s6a.intoArray(sum, to + 6 * stride);
        s7a.intoArray(sum, to + 7 * stride);
    }
}
