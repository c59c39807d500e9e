package org.distilqa.device.cpu.kernels;

/**
 * The loops where the time goes, on plain float arrays: in scalar Java, or with the Vector API. {@link KernelsLookup}
 * chooses one of them; who calls them never asks which one runs. Products are computed by those {@link #ofOneThread}; the rest is
 * stateless, and safe for use by many threads.
 *
 * <p>A matrix product runs over packed operands, so that its innermost loop reads memory in order (Goto and van de Geijn,
 * 2008, "Anatomy of high-performance matrix multiplication"). The left one is cut into panels of {@link #panelRows} rows,
 * the right one into panels of {@link #panelColumns} columns; within a panel, the elements that are multiplied at the same
 * step lie side by side.
 */
public interface Kernels {

    /** The name that the device option {@code kernels} knows these by. */
    String name();

    /** A few words for a person. */
    String description();

    /** The bits of a vector register, or 0 if the JVM's compiler decides. */
    default int vectorBits() {
        return 0;
    }

    /** Whether others will soon do the same faster: how long these take says nothing. */
    default boolean areStandIns() {
        return false;
    }

    /** These kernels for one thread at a time, which may keep what they work on. */
    Kernels ofOneThread();

    /** The rows of a panel of a product's left operand. */
    int panelRows();

    /** The columns of a panel of a right operand that has {@code columns} in all; no more than these need. */
    int panelColumns(int columns);

    /**
     * Adds the product of a panel of the left operand and a panel of the right one to a block of a matrix.
     *
     * @param left where element {@code (row, k)} of the panel is at {@code leftOffset + k * leftStep + row}
     * @param leftStep {@code panelRows()} if the panel is packed, more if its rows are part of a wider matrix
     * @param rows the block's rows, 1 to {@code panelRows()}; more may be computed and stored, up to {@code panelRows()}
     * @param right where element {@code (k, column)} of the panel is at {@code rightOffset + k * columns + column}; an array
     *     of less than 2^30 elements
     * @param columns the block's columns, a value that {@link #panelColumns} gave
     * @param depth how many products are summed
     * @param sum the matrix, row by row
     * @param sumOffset where the block starts in it
     * @param stride the elements from one of its rows to the next
     */
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
            int stride);

    /**
     * As {@link #multiplyAdd}, and reads what later products will take from {@code right}, an element each step. A product of
     * few rows waits for memory and not for the multipliers: the first row panel would read the right operand faster than it
     * comes, and the others would leave the memory idle. Kernels that gain nothing by it only multiply.
     *
     * @param next the index of the first element to read
     * @param nextStep the elements from one to the next; {@code next + depth * nextStep} is inside the array
     * @return nothing of use, but the compiler must not know
     */
    default int multiplyAddAndReadAhead(
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
        multiplyAdd(left, leftOffset, leftStep, rows, right, rightOffset, columns, depth, sum, sumOffset, stride);
        return 0;
    }

    /** Replaces each of some values {@code x} by {@code x * 0.5 * (1 + erf(x / sqrt(2)))}. */
    void gelu(float[] values, int offset, int length);

    /** Replaces each of some values {@code x} by {@code x / (1 + exp(-(linear * x + cubic * x^3)))}; see {@link Gate}. */
    void gate(float[] values, int offset, int length, float linear, float cubic);

    /** Replaces each of some values {@code x} by {@code max(x, 0)}. */
    void relu(float[] values, int offset, int length);

    /** {@code sum[i] = a[i] + b[i]} for {@code length} elements from each offset on. */
    void add(float[] a, int aOffset, float[] b, int bOffset, float[] sum, int sumOffset, int length);

    /** How many partial sums a kernel has room for, where it asks for some: a number for each lane of the longest vectors. */
    int MOST_LANES = 64;

    /**
     * Normalises a row to mean 0 and variance 1 (with {@code epsilon} added), then scales and shifts it, in place.
     *
     * @param partial room for {@value #MOST_LANES} partial sums
     */
    void layerNorm(float[] row, int offset, int length, float[] weight, float[] bias, float epsilon, float[] partial);

    /**
     * Takes a block of rows into the softmax of each column of a matrix whose blocks come one after another (Milakov and
     * Gimelshein, 2018, "Online normalizer calculation for softmax"). Replaces a score {@code x} by {@code exp(scale * (x -
     * maximum))}, with the maximum of its column so far; what was computed with the maximum before is to be multiplied by
     * the column's factor.
     *
     * @param scores the block, row by row
     * @param rows its rows, at least 1
     * @param columns its columns, a value that {@link #panelColumns} gave
     * @param scale what each score is multiplied with, more than 0
     * @param maxima each column's maximum so far, negative infinity before the first block
     * @param sums each column's sum so far, 0 before the first block
     * @param factors where to put each column's factor, from 0 to 1
     */
    void onlineSoftmax(
            float[] scores, int rows, int columns, float scale, float[] maxima, float[] sums, float[] factors);

    /** Multiplies each column of a matrix, given row by row, with its factor. */
    void multiplyColumns(float[] matrix, int rows, int columns, float[] factors);
}
