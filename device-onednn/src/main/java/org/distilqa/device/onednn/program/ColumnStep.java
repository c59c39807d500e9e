package org.distilqa.device.onednn.program;

/** A step whose columns can be shared out among lanes too, where there are few rows: a linear map. */
public interface ColumnStep extends Step {
    /** Into how many parts the columns can be shared out. */
    int parts();

    /** Computes the parts {@code first} to {@code end - 1} of the columns of some rows. */
    void run(Lane lane, int row, int rows, int first, int end);

    @Override
    default void run(Lane lane, int row, int rows) {
        run(lane, row, rows, 0, parts());
    }
}
