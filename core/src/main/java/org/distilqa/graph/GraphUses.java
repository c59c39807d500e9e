package org.distilqa.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who uses which result of a {@link Graph}, and until when: what a device wants to know to free results, to let them share buffers
 * ({@link ResultBuffers}), and to compute two nodes in one step. The nodes are taken to run in the graph's order. Immutable.
 *
 * <p>All of it is permission, not duty: a device that computes node after node and keeps every result needs nothing of this.
 */
public final class GraphUses {
    private final Graph graph;
    private final List<List<Node>> consumers;

    /**
     * The uses of a graph's results.
     *
     * @param graph the graph
     */
    public GraphUses(Graph graph) {
        this.graph = graph;
        List<List<Node>> found = new ArrayList<>();
        for (Node node : graph.nodes()) {
            found.add(new ArrayList<>());
            node.inputs().stream().distinct().forEach(input -> found.get(input).add(node));
        }
        this.consumers = found.stream().map(List::copyOf).toList();
    }

    /**
     * The nodes that take a node's result, each once, in the order in which they run.
     *
     * @param node a node of the graph
     * @return the nodes; none for the output, and for a node whose result nobody takes
     */
    public List<Node> consumers(Node node) {
        return consumers.get(node.index());
    }

    /**
     * When a node's result is used last.
     *
     * @param node a node of the graph
     * @return the index of the last node that takes it; the node's own where nobody does; for the output, which is read when all
     *     nodes have run, the number of nodes
     */
    public int lastUse(Node node) {
        if (node.equals(graph.output())) {
            return graph.nodes().size();
        }
        List<Node> takers = consumers(node);
        return takers.isEmpty() ? node.index() : takers.get(takers.size() - 1).index();
    }

    /**
     * The results that are not needed any more once a node has run, its own among them if nobody takes it.
     *
     * @param node a node of the graph
     * @return the nodes that gave them, in the order of the graph
     */
    public List<Node> endingAt(Node node) {
        return graph.nodes().subList(0, node.index() + 1).stream()
                .filter(made -> lastUse(made) == node.index())
                .toList();
    }

    /**
     * The results that are there when a node begins and that it, or one after it, takes.
     *
     * @param node a node of the graph
     * @return the nodes that gave them, in the order of the graph; never the node itself
     */
    public List<Node> liveAt(Node node) {
        return graph.nodes().subList(0, node.index()).stream()
                .filter(made -> lastUse(made) >= node.index())
                .toList();
    }

    /**
     * The residual connection that a linear map can take over from the layer norm after it: with its activation applied, the map adds
     * this result to its own, and the layer norm then normalises what the map gives ({@link #sum}). Nobody takes this result after
     * the map, so the map may as well add to it where it lies.
     *
     * @param linear a node of the graph
     * @return the other input of the layer norm that alone takes the map's result, if it is there before the map runs and no node
     *     but that layer norm takes it from then on; nothing if {@code linear} is no linear map
     */
    public Optional<Node> residual(Node linear) {
        if (!(linear.op() instanceof Op.Linear) || consumers(linear).size() != 1) {
            return Optional.empty();
        }
        Node sum = consumers(linear).get(0);
        if (!(sum.op() instanceof Op.LayerNorm) || sum.inputs().size() != 2) {
            return Optional.empty();
        }
        int first = sum.inputs().get(0);
        Node other = graph.nodes().get(first == linear.index() ? sum.inputs().get(1) : first);
        boolean isDone = consumers(other).stream()
                .allMatch(consumer -> consumer.index() < linear.index() || consumer.index() == sum.index());
        return other.index() < linear.index() && isDone ? Optional.of(other) : Optional.empty();
    }

    /**
     * The linear map that can give the sum of a layer norm's two inputs, because it takes over the residual connection
     * ({@link #residual}).
     *
     * @param layerNorm a node of the graph
     * @return the map, one of the inputs; nothing if no input can, if there is one input only, or if this is no layer norm
     */
    public Optional<Node> sum(Node layerNorm) {
        if (!(layerNorm.op() instanceof Op.LayerNorm)) {
            return Optional.empty();
        }
        // Of two linear maps, the later one.
        return layerNorm.inputs().stream()
                .map(graph.nodes()::get)
                .filter(input -> residual(input).isPresent())
                .findFirst();
    }

    /**
     * The result that a node may overwrite with its own, row by row and element by element, because no other node takes it: of a
     * linear map that takes over a residual connection, what it adds; of a layer norm, its sum's place or its only input.
     *
     * @param node a node of the graph
     * @return the node that gave that result, of the same width; nothing if there is none
     */
    public Optional<Node> overwritten(Node node) {
        if (node.op() instanceof Op.LayerNorm) {
            Node input = sum(node).orElse(graph.nodes().get(node.inputs().get(0)));
            return Optional.of(input).filter(result -> consumers(result).size() == 1);
        }
        return residual(node);
    }
}
