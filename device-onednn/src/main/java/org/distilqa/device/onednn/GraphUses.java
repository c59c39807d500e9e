package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/** Who uses a node's result: what tells which steps can be one, and which results a lane can keep for itself. */
final class GraphUses {
    private final List<Node> nodes;
    private final List<List<Node>> consumers = new ArrayList<>();
    private final int[] stages;

    GraphUses(Graph graph) {
        this.nodes = graph.nodes();
        this.stages = new int[nodes.size()];
        int stage = 0;
        for (Node node : nodes) {
            consumers.add(new ArrayList<>());
            node.inputs().stream()
                    .distinct()
                    .forEach(input -> consumers.get(input).add(node));
            // A self-attention is a stage of its own.
            stages[node.index()] = node.op() instanceof Op.SelfAttention ? ++stage : stage;
            stage = node.op() instanceof Op.SelfAttention ? stage + 1 : stage;
        }
    }

    List<Node> consumers(Node node) {
        return consumers.get(node.index());
    }

    /** Whether a node's result is used only by nodes without a self-attention between. */
    boolean isLocal(Node node) {
        return consumers(node).stream().allMatch(consumer -> stages[consumer.index()] == stages[node.index()]);
    }

    /** The last node that uses the result of a node. */
    int lastUse(Node node) {
        return consumers(node).stream().mapToInt(Node::index).max().orElse(node.index());
    }

    /** What is added to a linear map's result by the layer norm that is the only one to use it. */
    Optional<Node> residual(Node linear) {
        if (consumers(linear).size() != 1 || !isPlainLinear(linear)) {
            return Optional.empty();
        }
        Node consumer = consumers(linear).get(0);
        if (!(consumer.op() instanceof Op.LayerNorm) || consumer.inputs().size() != 2) {
            return Optional.empty();
        }
        int first = consumer.inputs().get(0);
        int second = consumer.inputs().get(1);
        int other = first == linear.index() ? second : first;
        return other < linear.index() ? Optional.of(nodes.get(other)) : Optional.empty();
    }

    private static boolean isPlainLinear(Node node) {
        return node.op() instanceof Op.Linear op && op.activation() == Activation.NONE;
    }

    /** The scale of the self-attention that alone uses a linear map's result; 1 where there is none. */
    double queryScale(Node linear) {
        return isPlainLinear(linear)
                        && consumers(linear).size() == 1
                        && consumers(linear).get(0).op() instanceof Op.SelfAttention attention
                ? attention.scale()
                : 1;
    }

    /** Whether a node is a linear map with an activation, used by other linear maps only. */
    boolean isActivated(Node node) {
        return node.op() instanceof Op.Linear op
                && op.activation() != Activation.NONE
                && consumers(node).stream().allMatch(consumer -> consumer.op() instanceof Op.Linear);
    }
}
