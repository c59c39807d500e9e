package org.distilqa.device.cpu;

/**
 * Where the result of a node is during a run: a matrix with a row per token.
 *
 * @param buffer which of the pass's buffers
 * @param width the columns that mean something
 * @param stride the elements from one row to the next; at least the width, with room for whole panels
 */
record Place(int buffer, int width, int stride) {}
