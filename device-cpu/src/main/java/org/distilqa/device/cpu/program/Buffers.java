package org.distilqa.device.cpu.program;

import org.distilqa.DeviceException;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.ResultBuffers;

/** Gives each node buffers for its result that no node still needs, in one form or two: see {@link Output}. */
final class Buffers {
    /** As many tokens as a pass may have, and a few that fill up the last panel. */
    private static final int MAX_ROWS = CpuProgram.MAX_TOKENS + 64;

    /** One buffer is as good as another. */
    private enum Kind {
        FLOATS
    }

    private final Kernels kernels;
    private final Graph graph;
    private final GraphUses uses;
    private final Output[] outputs;
    private final ResultBuffers<Kind> buffers = new ResultBuffers<>();
    private final int maxRows;

    Buffers(Graph graph, GraphUses uses, Kernels kernels) {
        this.kernels = kernels;
        this.graph = graph;
        this.uses = uses;
        this.outputs = new Output[graph.nodes().size()];
        this.maxRows = Math.max(MAX_ROWS, graph.maxPositions());
    }

    /** Chooses where a node's result goes. */
    Output output(Node node) {
        int panel = kernels.panelColumns(node.width());
        int stride = Pass.roundUp(node.width(), panel);
        if ((long) stride * maxRows > Integer.MAX_VALUE - 64) {
            throw new DeviceException("device cpu cannot hold the result of node " + node.index() + " of the graph, "
                    + node.op().getClass().getSimpleName() + ": " + node.width() + " columns are too many");
        }
        boolean forLinear = uses.consumers(node).stream().anyMatch(consumer -> consumer.op() instanceof Op.Linear);
        boolean forOthers = node.equals(graph.output())
                || uses.consumers(node).stream().anyMatch(consumer -> !(consumer.op() instanceof Op.Linear));
        Place rows = forOthers ? take(node.width(), stride) : Place.NONE;
        Place panels = forLinear ? take(node.width(), node.width()) : Place.NONE;
        outputs[node.index()] = new Output(rows, panels, node.width());
        return outputs[node.index()];
    }

    private Place take(int width, int stride) {
        return new Place(buffers.take(Kind.FLOATS, stride), width, stride);
    }

    /** Where the rows of a node's result are. */
    Place rows(Node node) {
        return outputs[node.index()].rows();
    }

    /** Where a node's result is as panels. */
    Place panels(Node node) {
        return outputs[node.index()].panels();
    }

    /** Gives back the buffers that no node after this one needs. */
    void giveBackAfter(Node node) {
        for (Node made : uses.endingAt(node)) {
            giveBack(rows(made));
            giveBack(panels(made));
        }
    }

    private void giveBack(Place place) {
        if (!place.isNone()) {
            buffers.giveBack(place.buffer());
        }
    }

    /** For each buffer, the most elements per row that are put into it. */
    int[] strides() {
        return buffers.sizes().stream().mapToInt(Integer::intValue).toArray();
    }
}
