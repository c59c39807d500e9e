package org.distilqa.device.cpu.program;

import java.util.List;
import java.util.stream.Stream;
import org.distilqa.device.cpu.kernels.Gate;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Activation;

/**
 * A linear map of each row with its bias, activation and residual. The result is computed in tiles of some row panels times
 * some column panels, each tile by one thread, which sums over {@value #DEPTH_BLOCK} inputs at a time so that what it reads
 * again and again stays in its caches: a row panel in the first level, the tile's weights and sums in the second.
 *
 * <p>With few rows, the time goes into reading the weights, and how that is done best depends on how the processor reads ahead
 * by itself: {@link Way}. The first runs try all ways; the sums are the same, bit by bit.
 */
final class LinearStep implements Step {
    private static final int DEPTH_BLOCK = 768;
    private static final int MAX_TILE_ROWS = 96;
    private static final int MAX_TILE_COLUMNS = 96;
    private static final int TILES_PER_THREAD = 16;

    private static final int FEW_ROW_PANELS = 16;
    private static final int FEW_ROWS_DEPTH_BLOCK = 384;
    private static final int FEW_ROWS_TILES_PER_THREAD = 8;

    /** How a product of few rows goes through the weights. */
    private enum Way {
        /** Column panels one by one, each for all rows, with a look at those that come next. */
        COLUMNS_READING_AHEAD,
        /** Column panels one by one, each for all rows. */
        COLUMNS,
        /** As with many rows. */
        TILES
    }

    private final PackedMatrix weights;
    private final Activation activation;
    private final Place input;
    private final Place residual;
    private final Output result;
    /** For each number of row panels that is few. One run at a time uses them. */
    private final List<Trial> trials = Stream.generate(() -> new Trial(Way.values().length))
            .limit(FEW_ROW_PANELS)
            .toList();

    /**
     * @param input the panels to multiply
     * @param residual rows to add to the result, or {@link Place#NONE}
     */
    LinearStep(PackedMatrix weights, Activation activation, Place input, Place residual, Output result) {
        this.weights = weights;
        this.activation = activation;
        this.input = input;
        this.residual = residual;
        this.result = result;
    }

    @Override
    public void run(Pass pass) {
        int rowPanels = pass.rowPanels();
        // How long it takes other kernels to stand in for a while says nothing about the ways.
        if (rowPanels > FEW_ROW_PANELS || pass.kernels().areStandIns()) {
            run(pass, Way.TILES);
            return;
        }
        Trial trial = trials.get(rowPanels - 1);
        int way = trial.next();
        long begin = System.nanoTime();
        run(pass, Way.values()[way]);
        trial.took(way, System.nanoTime() - begin);
    }

    private void run(Pass pass, Way way) {
        int rowPanels = pass.rowPanels();
        int columnPanels = weights.panelCount();
        int threads = pass.workers().count();
        boolean inTiles = way == Way.TILES;
        int wanted = threads * (inTiles ? TILES_PER_THREAD : FEW_ROWS_TILES_PER_THREAD);
        int tilesDown = inTiles ? divideUp(rowPanels * pass.panelRows(), MAX_TILE_ROWS) : 1;
        int rowStep = divideUp(rowPanels, tilesDown);
        int columnStep = inTiles ? Math.min(columnPanels, MAX_TILE_COLUMNS / weights.panelColumns()) : columnPanels;
        columnStep = Math.max(1, Math.min(columnStep, columnPanels * tilesDown / wanted));
        int tilesAcross = divideUp(columnPanels, columnStep);
        Tiling tiling = new Tiling(rowStep, columnStep, tilesDown);
        Tile[] tiles = new Tile[threads];
        pass.workers().forEach(tilesDown * tilesAcross, (index, worker) -> {
            if (tiles[worker] == null) {
                tiles[worker] = new Tile(pass, worker, tiling);
            }
            Tile tile = tiles[worker];
            tile.begin(index);
            if (inTiles) {
                tile.multiply();
            } else {
                tile.multiplyByColumns(way == Way.COLUMNS_READING_AHEAD);
            }
        });
    }

    private static int divideUp(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    /** How the result is cut into tiles; they are numbered down the columns, so that neighbours use the same weights. */
    private record Tiling(int rowPanels, int columnPanels, int tilesDown) {}

    /** The part of the result that a thread computes at a time. */
    private final class Tile {
        private final Pass pass;
        private final Kernels kernels;
        private final int worker;
        private final Tiling tiling;
        private final int panelRows;
        private final int columns;
        private int firstRowPanel;
        private int endRowPanel;
        private int firstPanel;
        private int endPanel;
        /** Where the weights start that this thread is likely to need after this tile. */
        private int nextTile;
        /** The sums, row by row. */
        private float[] sums;

        private int stride;

        Tile(Pass pass, int worker, Tiling tiling) {
            this.pass = pass;
            this.kernels = pass.kernels(worker);
            this.worker = worker;
            this.tiling = tiling;
            this.panelRows = pass.panelRows();
            this.columns = weights.panelColumns();
        }

        void begin(int index) {
            firstRowPanel = index % tiling.tilesDown * tiling.rowPanels;
            endRowPanel = Math.min(pass.rowPanels(), firstRowPanel + tiling.rowPanels);
            firstPanel = index / tiling.tilesDown * tiling.columnPanels;
            endPanel = Math.min(weights.panelCount(), firstPanel + tiling.columnPanels);
            nextTile = weights.panelOffset(
                    firstPanel + tiling.columnPanels * pass.workers().count());
            stride = (endPanel - firstPanel) * columns;
            sums = pass.threadBuffer(worker, 0, (endRowPanel - firstRowPanel) * panelRows * stride);
        }

        void multiply() {
            int depth = weights.depth();
            for (int k = 0; k < depth; k += DEPTH_BLOCK) {
                int blockDepth = Math.min(DEPTH_BLOCK, depth - k);
                for (int rowPanel = firstRowPanel; rowPanel < endRowPanel; rowPanel++) {
                    if (k == 0) {
                        startWithBias(rowPanel);
                    }
                    for (int panel = firstPanel; panel < endPanel; panel++) {
                        multiplyBlock(rowPanel, panel, k, blockDepth);
                    }
                    if (k + blockDepth == depth) {
                        finish(rowPanel);
                    }
                }
            }
        }

        void multiplyByColumns(boolean readingAhead) {
            int depth = weights.depth();
            for (int rowPanel = firstRowPanel; rowPanel < endRowPanel; rowPanel++) {
                startWithBias(rowPanel);
            }
            for (int panel = firstPanel; panel < endPanel; panel++) {
                for (int k = 0; k < depth; k += FEW_ROWS_DEPTH_BLOCK) {
                    int blockDepth = Math.min(FEW_ROWS_DEPTH_BLOCK, depth - k);
                    boolean last = panel == endPanel - 1 && k + blockDepth == depth;
                    int next = last ? nextTile : weights.panelOffset(panel) + (k + blockDepth) * columns;
                    if (readingAhead && next + columns * blockDepth <= weights.panels().length) {
                        multiplyColumnPanelAndReadAhead(panel, k, blockDepth, next);
                    } else {
                        multiplyColumnPanel(panel, k, blockDepth);
                    }
                }
            }
            for (int rowPanel = firstRowPanel; rowPanel < endRowPanel; rowPanel++) {
                finish(rowPanel);
            }
        }

        private void multiplyColumnPanel(int panel, int k, int blockDepth) {
            for (int rowPanel = firstRowPanel; rowPanel < endRowPanel; rowPanel++) {
                multiplyBlock(rowPanel, panel, k, blockDepth);
            }
        }

        /** Each of the row panels reads its share of the block that comes next. */
        private void multiplyColumnPanelAndReadAhead(int panel, int k, int blockDepth, int next) {
            int nextStep = columns / (endRowPanel - firstRowPanel);
            int seen = 0;
            for (int rowPanel = firstRowPanel; rowPanel < endRowPanel; rowPanel++) {
                seen ^= kernels.multiplyAddAndReadAhead(
                        pass.buffer(input),
                        (rowPanel * weights.depth() + k) * panelRows,
                        panelRows,
                        rows(rowPanel),
                        weights.panels(),
                        weights.panelOffset(panel) + k * columns,
                        columns,
                        blockDepth,
                        sums,
                        offset(rowPanel) + (panel - firstPanel) * columns,
                        stride,
                        next + (rowPanel - firstRowPanel) * blockDepth * nextStep,
                        nextStep);
            }
            pass.see(worker, seen);
        }

        private void multiplyBlock(int rowPanel, int panel, int k, int blockDepth) {
            kernels.multiplyAdd(
                    pass.buffer(input),
                    (rowPanel * weights.depth() + k) * panelRows,
                    panelRows,
                    rows(rowPanel),
                    weights.panels(),
                    weights.panelOffset(panel) + k * columns,
                    columns,
                    blockDepth,
                    sums,
                    offset(rowPanel) + (panel - firstPanel) * columns,
                    stride);
        }

        /** The rows of a panel that are not padding. */
        private int rows(int rowPanel) {
            return Math.min(panelRows, pass.rows() - rowPanel * panelRows);
        }

        /** Where the sums of a row panel start. */
        private int offset(int rowPanel) {
            return (rowPanel - firstRowPanel) * panelRows * stride;
        }

        private void startWithBias(int rowPanel) {
            for (int row = 0; row < panelRows; row++) {
                System.arraycopy(weights.bias(), firstPanel * columns, sums, offset(rowPanel) + row * stride, stride);
            }
        }

        /** Adds what follows the product to a row panel, and hands it over. */
        private void finish(int rowPanel) {
            int offset = offset(rowPanel);
            switch (activation) {
                case GELU -> kernels.gelu(sums, offset, panelRows * stride);
                case GELU_TANH ->
                    kernels.gate(sums, offset, panelRows * stride, Gate.GELU_TANH_LINEAR, Gate.GELU_TANH_CUBIC);
                case RELU -> kernels.relu(sums, offset, panelRows * stride);
                case SILU -> kernels.gate(sums, offset, panelRows * stride, 1, 0);
                case NONE -> {}
            }
            int column = firstPanel * columns;
            if (!residual.isNone()) {
                float[] summands = pass.buffer(residual);
                for (int row = 0; row < rows(rowPanel); row++) {
                    int at = offset + row * stride;
                    int from = (rowPanel * panelRows + row) * residual.stride() + column;
                    kernels.add(sums, at, summands, from, sums, at, stride);
                }
            }
            result.put(pass, sums, offset, stride, rowPanel, column, stride);
        }
    }
}
