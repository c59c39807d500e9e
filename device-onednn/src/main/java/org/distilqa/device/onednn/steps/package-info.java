/**
 * From a graph to stages, and the steps by oneDNN's kernels. In goes a graph with its parameters, out come the stages and the place of
 * the logits. Read {@code Compilation} first: it goes through the nodes; for each, a {@code Lowering} adds the steps.
 * {@code OneDnnLowering} is the one for oneDNN's kernels in any precision; that for the tile unit is in the package {@code tiles}.
 *
 * <p>Each {@code ...Step} describes its kernels by a record, its kind; {@code ProgramKernels} keeps one kernel of each kind and size.
 * {@code MatrixProducts} asks oneDNN which of these it is fast in.
 */
package org.distilqa.device.onednn.steps;
