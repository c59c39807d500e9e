package org.distilqa.device.onednn.program;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps between two self-attentions. Each row's results depend on that row alone, so with many rows a lane takes a block of
 * them through all steps, without waiting for the others, while what it works on stays in its cache. With few rows, the lanes
 * share out the columns of each linear map: each then reads a part of the weights only.
 */
public final class RowStage implements Stage {
    /** A lane that is kept from running for a moment leaves more to the others. */
    private static final int TILES_PER_LANE = 2;

    private final Blocking blocking;
    private final List<Step> steps;
    /** The steps again: linear maps alone, the others in chains. */
    private final List<List<Step>> groups;

    public RowStage(List<Step> steps, Blocking blocking) {
        this.blocking = blocking;
        this.steps = List.copyOf(steps);
        this.groups = new ArrayList<>();
        List<Step> chain = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof ColumnStep) {
                addUnlessEmpty(chain);
                groups.add(List.of(step));
                chain = new ArrayList<>();
            } else {
                chain.add(step);
            }
        }
        addUnlessEmpty(chain);
    }

    private void addUnlessEmpty(List<Step> chain) {
        if (!chain.isEmpty()) {
            groups.add(chain);
        }
    }

    @Override
    public void run(Pass pass, Workers workers, Lane[] lanes) {
        if (blocking.byRows(pass.rows(), workers.count())) {
            runBlocks(pass, workers, lanes);
        } else {
            runGroups(pass, workers, lanes);
        }
    }

    private void runBlocks(Pass pass, Workers workers, Lane[] lanes) {
        int rows = blocking.blockRows(pass.rows(), workers.count());
        workers.forEach(Blocking.divideUp(pass.rows(), rows), (block, worker) -> {
            Lane lane = lanes[worker];
            int row = block * rows;
            int count = count(pass, row, rows);
            lane.beginBlock(row);
            try {
                for (Step step : steps) {
                    step.run(lane, row, count);
                }
            } finally {
                lane.endBlock();
            }
        });
    }

    private void runGroups(Pass pass, Workers workers, Lane[] lanes) {
        for (List<Step> group : groups) {
            if (group.get(0) instanceof ColumnStep linear) {
                runColumns(linear, pass, workers, lanes);
            } else {
                int rows = blocking.blockRows(pass.rows(), workers.count());
                workers.forEach(Blocking.divideUp(pass.rows(), rows), (block, worker) -> {
                    for (Step step : group) {
                        step.run(lanes[worker], block * rows, count(pass, block * rows, rows));
                    }
                });
            }
        }
    }

    private void runColumns(ColumnStep linear, Pass pass, Workers workers, Lane[] lanes) {
        int rows = blocking.blockRows(pass.rows(), 1);
        int blocks = Blocking.divideUp(pass.rows(), rows);
        int columns = tiles(linear.parts(), Blocking.divideUp(TILES_PER_LANE * workers.count(), blocks));
        workers.forEach(blocks * columns, (tile, worker) -> {
            int row = tile / columns * rows;
            int column = tile % columns;
            int first = linear.parts() * column / columns;
            int end = linear.parts() * (column + 1) / columns;
            linear.run(lanes[worker], row, count(pass, row, rows), first, end);
        });
    }

    /** Of so many parts, how many tiles; of the same width, and so of one kernel, unless they were more than twice those wanted. */
    private static int tiles(int parts, int wanted) {
        int least = Math.min(parts, wanted);
        int tiles = least;
        while (parts % tiles != 0) {
            tiles++;
        }
        return tiles <= 2 * least ? tiles : least;
    }

    private static int count(Pass pass, int row, int rows) {
        return Math.min(rows, KernelSizes.roundUp(pass.rows() - row));
    }
}
