package org.distilqa.device.onednn.program;

/** A part of a stage: row {@code t} of its result depends on row {@code t} of its inputs alone. Used by many lanes at once. */
public interface Step {

    /**
     * Computes some rows.
     *
     * @param lane who does
     * @param row the first
     * @param rows how many, one of the {@link KernelSizes}; some may be beyond the last token, where anything may be computed
     */
    void run(Lane lane, int row, int rows);
}
