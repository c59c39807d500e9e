package org.distilqa.device.cpu;

/**
 * The loops where the time goes, on plain float arrays: in scalar Java, or with the Vector API. {@link KernelsLookup}
 * chooses one of them; who calls them never asks which one runs. Stateless, safe for use by many threads.
 *
 * <p>A matrix product runs over packed operands, so that its innermost loop reads memory in order (Goto and van de Geijn,
 * 2008, "Anatomy of high-performance matrix multiplication"). The left one is cut into panels of {@link #panelRows} rows,
 * the right one into panels of {@link #panelColumns} columns; within a panel, the elements that are multiplied at the same
 * step lie side by side.
 */
interface Kernels {

    /** The name that the device option {@code kernels} knows these by. */
    String name();

    /** A few words for a person. */
    String description();

    /** The bits of a vector register, or 0 if the JVM's compiler decides. */
    int vectorBits();

    /** The rows of a panel of a product's left operand. */
    int panelRows();

    /** The columns of a panel of a right operand that has {@code columns} in all; no more than these need. */
    int panelColumns(int columns);

    /**
     * Adds the product of a panel of the left operand and a panel of the right one to a block of a matrix.
     *
     * @param left where element {@code (row, k)} of the panel is at {@code leftOffset + k * panelRows() + row}
     * @param rows the block's rows, 1 to {@code panelRows()}; more may be computed and stored, up to {@code panelRows()}
     * @param right where element {@code (k, column)} of the panel is at {@code rightOffset + k * columns + column}
     * @param columns the block's columns, a value that {@link #panelColumns} gave
     * @param depth how many products are summed
     * @param sum the matrix, row by row
     * @param sumOffset where the block starts in it
     * @param stride the elements from one of its rows to the next
     */
    void multiplyAdd(
            float[] left,
            int leftOffset,
            int rows,
            float[] right,
            int rightOffset,
            int columns,
            int depth,
            float[] sum,
            int sumOffset,
            int stride);

    /** Replaces each of some values {@code x} by {@code x * 0.5 * (1 + erf(x / sqrt(2)))}. */
    void gelu(float[] values, int offset, int length);

    /** Replaces each of some values {@code x} by {@code max(x, 0)}. */
    void relu(float[] values, int offset, int length);

    /** {@code sum[i] = a[i] + b[i]} for {@code length} elements from each offset on. */
    void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length);

    /** Normalises a row to mean 0 and variance 1 (with {@code epsilon} added), then scales and shifts it, in place. */
    void layerNorm(float[] row, int offset, int length, float[] weight, float[] bias, float epsilon);

    /** The sum of the products of {@code length} pairs of elements. */
    float dot(float[] a, int aOffset, float[] b, int bOffset, int length);

    /**
     * The softmax of each column of a matrix, without its last step: replaces a score {@code x} by {@code exp(scale * (x -
     * maximum of its column))}, and gives what to multiply each column with to make its sum 1.
     *
     * @param scores the matrix, row by row
     * @param rows its rows, at least 1
     * @param columns its columns, a value that {@link #panelColumns} gave
     * @param scale what each score is multiplied with, more than 0
     * @param reciprocals where to put one over each column's sum
     */
    void exponentials(float[] scores, int rows, int columns, float scale, float[] reciprocals);
}
