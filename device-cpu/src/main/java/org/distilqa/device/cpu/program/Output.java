package org.distilqa.device.cpu.program;

/**
 * Where a node's result goes: as rows for the nodes that read it row by row, as panels for the linear maps that multiply it, so
 * that no step has to pack what the one before it had in its caches.
 *
 * @param rows the rows, or {@link Place#NONE} if no node wants them
 * @param panels the panels, or {@link Place#NONE} if no node wants them
 * @param width the columns
 */
record Output(Place rows, Place panels, int width) {

    /** Computes one row of a result. */
    @FunctionalInterface
    interface RowBody {
        /** Puts the row into {@code target}, from {@code offset} on; in the thread of a worker. */
        void compute(int row, float[] target, int offset, int worker);
    }

    /** Computes the result row by row, on all threads. */
    void fill(Pass pass, RowBody body) {
        pass.workers().forEach(pass.rowPanels(), (panel, worker) -> {
            int first = panel * pass.panelRows();
            int count = Math.min(pass.panelRows(), pass.rows() - first);
            float[] target = rows.isNone() ? pass.threadBuffer(worker, 0, count * width) : pass.buffer(rows);
            int stride = rows.isNone() ? width : rows.stride();
            int offset = rows.isNone() ? 0 : first * stride;
            for (int row = 0; row < count; row++) {
                body.compute(first + row, target, offset + row * stride, worker);
            }
            if (!panels.isNone()) {
                interleave(pass, target, offset, stride, panel, 0, width);
            }
        });
    }

    /**
     * Puts a block of finished rows where they belong.
     *
     * @param source the block, row by row
     * @param offset where it starts
     * @param stride the elements from one of its rows to the next
     * @param panel which row panel it is a part of
     * @param column the column of its first element
     * @param columns how many columns it has; what is beyond the result's width is left out
     */
    void put(Pass pass, float[] source, int offset, int stride, int panel, int column, int columns) {
        int count = Math.min(columns, width - column);
        if (!rows.isNone()) {
            float[] target = pass.buffer(rows);
            int first = panel * pass.panelRows();
            int end = Math.min(first + pass.panelRows(), pass.rows());
            for (int row = first; row < end; row++) {
                System.arraycopy(source, offset + (row - first) * stride, target, row * rows.stride() + column, count);
            }
        }
        if (!panels.isNone()) {
            interleave(pass, source, offset, stride, panel, column, count);
        }
    }

    private void interleave(Pass pass, float[] source, int offset, int stride, int panel, int column, int columns) {
        int panelRows = pass.panelRows();
        int first = panel * panelRows;
        Interleave.rows(
                source,
                offset,
                stride,
                Math.min(panelRows, pass.rows() - first),
                columns,
                pass.buffer(panels),
                first * panels.stride() + column * panelRows,
                panelRows);
    }
}
