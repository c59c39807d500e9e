package org.distilqa.graph;

import java.util.List;

/**
 * One step of a {@link Graph}.
 *
 * @param index its place in {@link Graph#nodes()}, from 0
 * @param op what it computes
 * @param inputs the indices of the nodes whose results it takes, each smaller than {@code index}
 * @param width the columns of its result; its rows are the tokens of the batch
 */
public record Node(int index, Op op, List<Integer> inputs, int width) {

    /**
     * Copies the inputs.
     *
     * @param index its place in the graph
     * @param op what it computes
     * @param inputs the indices of the nodes whose results it takes
     * @param width the columns of its result
     */
    public Node {
        inputs = List.copyOf(inputs);
    }
}
