package org.distilqa.device.cpu;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.distilqa.DeviceException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;

/** Gives each node a buffer for its result that no node still needs: one is free again after the last node that reads it. */
final class Buffers {
    /** As many tokens as a pass may have, and a few that fill up the last panel. */
    private static final int MAX_ROWS = 4096 + 64;

    private final Kernels kernels;
    private final int[] lastUse;
    private final Place[] places;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int maxRows;
    private int count;

    Buffers(Graph graph, Kernels kernels) {
        this.kernels = kernels;
        this.lastUse = new int[graph.nodes().size()];
        this.places = new Place[lastUse.length];
        this.maxRows = Math.max(MAX_ROWS, graph.maxPositions());
        Arrays.setAll(lastUse, index -> index);
        for (Node node : graph.nodes()) {
            node.inputs().forEach(input -> lastUse[input] = node.index());
        }
    }

    /** Chooses where a node's result goes. */
    Place place(Node node) {
        int panel = kernels.panelColumns(node.width());
        int stride = Pass.roundUp(node.width(), panel);
        if ((long) stride * maxRows > Integer.MAX_VALUE - 8) {
            throw new DeviceException("device cpu cannot hold the result of node " + node.index() + " of the graph, "
                    + node.op().getClass().getSimpleName() + ": " + node.width() + " columns are too many");
        }
        int buffer = free.isEmpty() ? count++ : free.pop();
        Place place = new Place(buffer, node.width(), stride);
        places[node.index()] = place;
        return place;
    }

    /** Where the result of a node is that has been placed. */
    Place placeOf(int node) {
        return places[node];
    }

    /** Frees the buffers that no node after this one reads. */
    void freeAfter(Node node) {
        if (lastUse[node.index()] == node.index()) {
            free.push(placeOf(node.index()).buffer());
        }
        node.inputs().stream()
                .distinct()
                .filter(input -> lastUse[input] == node.index())
                .forEach(input -> free.push(placeOf(input).buffer()));
    }

    /** How many buffers there are in all. */
    int count() {
        return count;
    }
}
