package org.distilqa.device.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.distilqa.DeviceException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/** Gives each node buffers for its result that no node still needs: one is free again after the last node that reads it. */
final class Buffers {
    /** As many tokens as a pass may have, and a few that fill up the last panel. */
    private static final int MAX_ROWS = CpuProgram.MAX_TOKENS + 64;

    private final Kernels kernels;
    private final List<List<Node>> readers = new ArrayList<>();
    private final Output[] outputs;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<Integer> strides = new ArrayList<>();
    private final int maxRows;

    Buffers(Graph graph, Kernels kernels) {
        this.kernels = kernels;
        this.outputs = new Output[graph.nodes().size()];
        this.maxRows = Math.max(MAX_ROWS, graph.maxPositions());
        for (Node node : graph.nodes()) {
            readers.add(new ArrayList<>());
            node.inputs().stream()
                    .distinct()
                    .forEach(input -> readers.get(input).add(node));
        }
    }

    /** The nodes that read a node's result, in the order in which they run. */
    List<Node> readers(int node) {
        return readers.get(node);
    }

    /** Chooses where a node's result goes. */
    Output output(Node node) {
        int panel = kernels.panelColumns(node.width());
        int stride = Pass.roundUp(node.width(), panel);
        if ((long) stride * maxRows > Integer.MAX_VALUE - 64) {
            throw new DeviceException("device cpu cannot hold the result of node " + node.index() + " of the graph, "
                    + node.op().getClass().getSimpleName() + ": " + node.width() + " columns are too many");
        }
        boolean forLinear = readers(node.index()).stream().anyMatch(reader -> reader.op() instanceof Op.Linear);
        boolean forOthers = readers(node.index()).stream().anyMatch(reader -> !(reader.op() instanceof Op.Linear));
        Place rows = forOthers ? take(node.width(), stride) : Place.NONE;
        Place panels = forLinear ? take(node.width(), node.width()) : Place.NONE;
        outputs[node.index()] = new Output(rows, panels, node.width());
        return outputs[node.index()];
    }

    private Place take(int width, int stride) {
        int buffer = free.isEmpty() ? strides.size() : free.pop();
        if (buffer == strides.size()) {
            strides.add(stride);
        } else {
            strides.set(buffer, Math.max(stride, strides.get(buffer)));
        }
        return new Place(buffer, width, stride);
    }

    /** Where the rows of a node's result are. */
    Place rows(int node) {
        return outputs[node].rows();
    }

    /** Where a node's result is as panels. */
    Place panels(int node) {
        return outputs[node].panels();
    }

    /** Frees the buffers that no node after this one reads. */
    void freeAfter(Node node) {
        if (readers(node.index()).isEmpty()) {
            free(node.index());
        }
        node.inputs().stream()
                .distinct()
                .filter(input -> last(readers(input)) == node)
                .forEach(this::free);
    }

    private static Node last(List<Node> nodes) {
        return nodes.get(nodes.size() - 1);
    }

    private void free(int node) {
        if (!outputs[node].rows().isNone()) {
            free.push(outputs[node].rows().buffer());
        }
        if (!outputs[node].panels().isNone()) {
            free.push(outputs[node].panels().buffer());
        }
    }

    /** For each buffer, the most elements per row that are put into it. */
    int[] strides() {
        return strides.stream().mapToInt(Integer::intValue).toArray();
    }
}
