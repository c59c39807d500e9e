package org.distilqa.device.cpu;

import org.distilqa.graph.Activation;

/**
 * A linear map of each row with its bias and activation. The input is packed first; then the result is computed in tiles of
 * some row panels times some column panels, each tile by one thread, which sums over {@value #DEPTH_BLOCK} inputs at a time so
 * that what it reads again and again stays in its caches: a row panel in the first level, the tile's weights in the second.
 */
final class LinearStep implements Step {
    private static final int DEPTH_BLOCK = 384;
    private static final int MAX_TILE_ROWS = 96;
    private static final int MAX_TILE_COLUMNS = 384;
    private static final int TILES_PER_THREAD = 4;

    private final PackedMatrix weights;
    private final Activation activation;
    private final Place input;
    private final Place result;

    LinearStep(PackedMatrix weights, Activation activation, Place input, Place result) {
        this.weights = weights;
        this.activation = activation;
        this.input = input;
        this.result = result;
    }

    @Override
    public void run(Pass pass) {
        float[] source = pass.buffer(input);
        float[] left = pass.packed(weights.depth());
        float[] target = pass.buffer(result);
        int panelRows = pass.kernels().panelRows();
        int rowPanels = pass.paddedRows() / panelRows;
        pass.workers()
                .forEach(
                        rowPanels,
                        (panel, worker) -> pack(
                                source,
                                panel * panelRows * input.stride(),
                                Math.min(panelRows, pass.rows() - panel * panelRows),
                                left,
                                panel * panelRows * weights.depth(),
                                panelRows));

        int tileRows = Math.min(rowPanels, Math.max(1, MAX_TILE_ROWS / panelRows));
        int tileColumns = Math.min(weights.panelCount(), Math.max(1, MAX_TILE_COLUMNS / weights.panelColumns()));
        int wanted = pass.workers().count() == 1
                ? 1
                : TILES_PER_THREAD * pass.workers().count();
        // Columns first: a tile of fewer rows would read the same weights again.
        while (tileColumns > 1 && tiles(rowPanels, tileRows, tileColumns) < wanted) {
            tileColumns = (tileColumns + 1) / 2;
        }
        while (tileRows > 1 && tiles(rowPanels, tileRows, tileColumns) < wanted) {
            tileRows = (tileRows + 1) / 2;
        }
        int rowStep = tileRows;
        int columnStep = tileColumns;
        int tilesDown = divideUp(rowPanels, rowStep);
        pass.workers().forEach(tiles(rowPanels, rowStep, columnStep), (tile, worker) -> {
            int firstRow = tile % tilesDown * rowStep;
            int firstColumn = tile / tilesDown * columnStep;
            int endRow = Math.min(rowPanels, firstRow + rowStep);
            int endColumn = Math.min(weights.panelCount(), firstColumn + columnStep);
            multiplyTile(pass, left, firstRow, endRow, firstColumn, endColumn, target);
        });
    }

    private int tiles(int rowPanels, int tileRows, int tileColumns) {
        return divideUp(rowPanels, tileRows) * divideUp(weights.panelCount(), tileColumns);
    }

    private static int divideUp(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    /** Interleaves the rows of a panel; what it has no rows for is zero. */
    private void pack(float[] source, int from, int rows, float[] left, int to, int panelRows) {
        int depth = weights.depth();
        for (int row = 0; row < rows; row++) {
            int offset = from + row * input.stride();
            for (int k = 0; k < depth; k++) {
                left[to + k * panelRows + row] = source[offset + k];
            }
        }
        for (int row = rows; row < panelRows; row++) {
            for (int k = 0; k < depth; k++) {
                left[to + k * panelRows + row] = 0;
            }
        }
    }

    private void multiplyTile(
            Pass pass, float[] left, int firstRow, int endRow, int firstColumn, int endColumn, float[] target) {
        int panelRows = pass.kernels().panelRows();
        int depth = weights.depth();
        for (int k = 0; k < depth; k += DEPTH_BLOCK) {
            int blockDepth = Math.min(DEPTH_BLOCK, depth - k);
            for (int rowPanel = firstRow; rowPanel < endRow; rowPanel++) {
                int row = rowPanel * panelRows;
                int rows = Math.min(panelRows, pass.rows() - row);
                if (k == 0) {
                    startWithBias(row, rows, firstColumn, endColumn, target);
                }
                multiplyRowPanel(
                        pass.kernels(),
                        left,
                        row * depth + k * panelRows,
                        rows,
                        k,
                        blockDepth,
                        firstColumn,
                        endColumn,
                        target,
                        row);
                if (k + blockDepth == depth) {
                    activate(pass.kernels(), row, rows, firstColumn, endColumn, target);
                }
            }
        }
    }

    private void multiplyRowPanel(
            Kernels kernels,
            float[] left,
            int leftOffset,
            int rows,
            int k,
            int blockDepth,
            int firstColumn,
            int endColumn,
            float[] target,
            int row) {
        int columns = weights.panelColumns();
        for (int panel = firstColumn; panel < endColumn; panel++) {
            kernels.multiplyAdd(
                    left,
                    leftOffset,
                    rows,
                    weights.panel(panel),
                    k * columns,
                    columns,
                    blockDepth,
                    target,
                    row * result.stride() + panel * columns,
                    result.stride());
        }
    }

    private void startWithBias(int firstRow, int rows, int firstColumn, int endColumn, float[] target) {
        int column = firstColumn * weights.panelColumns();
        int count = (endColumn - firstColumn) * weights.panelColumns();
        for (int row = firstRow; row < firstRow + rows; row++) {
            System.arraycopy(weights.bias(), column, target, row * result.stride() + column, count);
        }
    }

    private void activate(Kernels kernels, int firstRow, int rows, int firstColumn, int endColumn, float[] target) {
        int column = firstColumn * weights.panelColumns();
        int count = (endColumn - firstColumn) * weights.panelColumns();
        for (int row = firstRow; row < firstRow + rows; row++) {
            int offset = row * result.stride() + column;
            switch (activation) {
                case GELU -> kernels.gelu(target, offset, count);
                case RELU -> kernels.relu(target, offset, count);
                case NONE -> {}
            }
        }
    }
}
