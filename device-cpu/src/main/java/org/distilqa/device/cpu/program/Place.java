package org.distilqa.device.cpu.program;

/**
 * Where a matrix with a row per token is during a run. As rows, one after another; or as the panels of a product's left
 * operand, which {@link org.distilqa.device.cpu.kernels.Kernels} describes.
 *
 * @param buffer which of the pass's buffers, or -1 for no place at all
 * @param width the columns that mean something
 * @param stride the elements per row: the width, or with rows as much as makes whole panels of columns
 */
record Place(int buffer, int width, int stride) {
    static final Place NONE = new Place(-1, 0, 0);

    boolean isNone() {
        return buffer < 0;
    }
}
