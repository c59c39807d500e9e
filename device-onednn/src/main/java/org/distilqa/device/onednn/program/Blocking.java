package org.distilqa.device.onednn.program;

/**
 * How many rows a lane takes through a {@link RowStage} at once.
 *
 * @param leastRows the fewest that are worth reading all weights for
 * @param mostRows the most whose results stay in a core's cache; one of the {@link KernelSizes}
 */
public record Blocking(int leastRows, int mostRows) {

    public Blocking {
        if (KernelSizes.roundUp(mostRows) != mostRows) {
            throw new IllegalArgumentException("there are no kernels for blocks of " + mostRows + " rows");
        }
    }

    /** Whether lanes take blocks of rows; with few rows, they share out the columns of each linear map. */
    public boolean byRows(int rows, int lanes) {
        return lanes == 1 || rows >= lanes * leastRows;
    }

    /** The rows of a block, if there are to be at least so many blocks; one of the {@link KernelSizes}. */
    int blockRows(int rows, int leastBlocks) {
        int blocks = Pass.roundUp(divideUp(rows, mostRows), leastBlocks);
        return KernelSizes.roundUp(divideUp(rows, blocks));
    }

    public static int divideUp(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }
}
