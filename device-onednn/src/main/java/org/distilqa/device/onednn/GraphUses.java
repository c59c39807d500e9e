package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/**
 * Who uses a node's result: what tells which nodes can be one step, which can work in place, and which results a lane can keep
 * for itself.
 */
final class GraphUses {
    private final List<Node> nodes;
    private final List<List<Node>> consumers = new ArrayList<>();
    private final int[] stages;
    private final int[] roots;

    GraphUses(Graph graph) {
        this.nodes = graph.nodes();
        this.stages = new int[nodes.size()];
        this.roots = new int[nodes.size()];
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
        for (Node node : nodes) {
            roots[node.index()] =
                    inPlaceOf(node).map(other -> roots[other.index()]).orElse(node.index());
        }
    }

    List<Node> consumers(Node node) {
        return consumers.get(node.index());
    }

    /** The first of the nodes whose results are in the same place, one after another. */
    int root(Node node) {
        return roots[node.index()];
    }

    /** All nodes whose results are in the place of this one's. */
    List<Node> sharingPlace(Node node) {
        return nodes.stream().filter(other -> root(other) == root(node)).toList();
    }

    /** Whether a node's result is used only by nodes without a self-attention between. */
    boolean isLocal(Node node) {
        return consumers(node).stream().allMatch(consumer -> stages[consumer.index()] == stages[node.index()]);
    }

    /** The last node that uses the result of a node. */
    int lastUse(Node node) {
        return consumers(node).stream().mapToInt(Node::index).max().orElse(node.index());
    }

    /** The node whose result is overwritten by that of this one, if it can be. */
    private Optional<Node> inPlaceOf(Node node) {
        if (node.op() instanceof Op.LayerNorm) {
            return Optional.of(normalised(node))
                    .filter(input -> consumers(input).size() == 1);
        }
        return residual(node);
    }

    /** The input of a layer norm that comes with the other added already, if one does; else the first. */
    Node normalised(Node layerNorm) {
        Node first = nodes.get(layerNorm.inputs().get(0));
        Node last = nodes.get(layerNorm.inputs().get(layerNorm.inputs().size() - 1));
        return residual(last).isPresent() ? last : first;
    }

    /**
     * What a linear map can add its result to: the other input of the layer norm that is the only one to use it, if nobody needs
     * that any more.
     */
    Optional<Node> residual(Node linear) {
        if (!isPlainLinear(linear) || consumers(linear).size() != 1) {
            return Optional.empty();
        }
        Node sum = consumers(linear).get(0);
        if (!(sum.op() instanceof Op.LayerNorm) || sum.inputs().size() != 2) {
            return Optional.empty();
        }
        int first = sum.inputs().get(0);
        Node other = nodes.get(first == linear.index() ? sum.inputs().get(1) : first);
        boolean isDone = consumers(other).stream()
                .allMatch(consumer -> consumer.index() < linear.index() || consumer.index() == sum.index());
        return other.index() < linear.index() && isDone ? Optional.of(other) : Optional.empty();
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

    /** Whether a node is a linear map that self-attentions alone use. */
    boolean isAttended(Node node) {
        return isPlainLinear(node)
                && consumers(node).stream().allMatch(consumer -> consumer.op() instanceof Op.SelfAttention);
    }

    /** Whether a node is a linear map with an activation, used by other linear maps only. */
    boolean isActivated(Node node) {
        return node.op() instanceof Op.Linear op
                && op.activation() != Activation.NONE
                && consumers(node).stream().allMatch(consumer -> consumer.op() instanceof Op.Linear);
    }
}
