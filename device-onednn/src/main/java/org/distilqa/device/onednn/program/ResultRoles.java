package org.distilqa.device.onednn.program;

import java.util.List;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/** What this device makes of who uses a node's result: whether a lane can keep it for itself, and in which form it goes there. */
public final class ResultRoles {
    private final Graph graph;
    private final GraphUses uses;
    private final int[] stages;

    /** What is made of the nodes of a graph. */
    public ResultRoles(Graph graph) {
        this.graph = graph;
        this.uses = new GraphUses(graph);
        this.stages = new int[graph.nodes().size()];
        int stage = 0;
        for (Node node : graph.nodes()) {
            // A self-attention is a stage of its own.
            stages[node.index()] = node.op() instanceof Op.SelfAttention ? ++stage : stage;
            stage = node.op() instanceof Op.SelfAttention ? stage + 1 : stage;
        }
    }

    public Graph graph() {
        return graph;
    }

    public GraphUses uses() {
        return uses;
    }

    /** The node whose result is a node's first input. */
    public Node input(Node node) {
        return graph.nodes().get(node.inputs().get(0));
    }

    /** Whether a node's result is the graph's, the logits. */
    public boolean isOutput(Node node) {
        return node.equals(graph.output());
    }

    /** Whether a node's result is used only by nodes without a self-attention between. */
    boolean isLocal(Node node) {
        return !isOutput(node)
                && uses.consumers(node).stream().allMatch(consumer -> stages[consumer.index()] == stages[node.index()]);
    }

    /** The scale of the self-attention that alone uses a linear map's result; 1 where there is none. */
    public double queryScale(Node linear) {
        return isPlainLinear(linear)
                        && uses.consumers(linear).size() == 1
                        && uses.consumers(linear).get(0).op() instanceof Op.SelfAttention attention
                ? attention.scale()
                : 1;
    }

    /** Whether a node is a linear map that self-attentions alone use. */
    public boolean isAttended(Node node) {
        return isPlainLinear(node)
                && !isOutput(node)
                && uses.consumers(node).stream().allMatch(consumer -> consumer.op() instanceof Op.SelfAttention);
    }

    private static boolean isPlainLinear(Node node) {
        return node.op() instanceof Op.Linear op && op.activation() == Activation.NONE;
    }

    /** Whether a node is a linear map with an activation, used only by linear maps in the program's precision. */
    public boolean isActivated(Node node) {
        return node.op() instanceof Op.Linear op
                && op.activation() != Activation.NONE
                && !isOutput(node)
                && uses.consumers(node).stream()
                        .allMatch(consumer -> consumer.op() instanceof Op.Linear && !isOutput(consumer));
    }

    /** Whether linear maps multiply a node's result, and all of them are in its own stage; the one that gives the logits does not count. */
    public boolean isMultipliedInItsStage(Node node) {
        List<Node> maps = uses.consumers(node).stream()
                .filter(consumer -> consumer.op() instanceof Op.Linear && !isOutput(consumer))
                .toList();
        return !maps.isEmpty() && maps.stream().allMatch(map -> stages[map.index()] == stages[node.index()]);
    }
}
