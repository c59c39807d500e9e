package org.distilqa.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as a list of nodes in topological order: each node's inputs stand before it, the first is the only
 * {@link Op.Embeddings}, and the last gives what the network is asked for, a token's start logit in column 0 and its end logit in
 * column 1. It knows no device; what devices want to know of it beyond the nodes is in {@link GraphUses}. Immutable.
 *
 * <p>Every width, parameter and wiring was checked against the checkpoint when the graph was built (see
 * {@link GraphBuilder}), so a device may rely on them.
 *
 * @param nodes the nodes
 */
public record Graph(List<Node> nodes) {

    /** A token's start logit and its end logit. */
    private static final int LOGITS = 2;

    /**
     * Copies the nodes.
     *
     * @param nodes the nodes
     * @throws IllegalArgumentException if the last is not an affine map to two columns
     */
    public Graph {
        nodes = List.copyOf(nodes);
        Node last = nodes.isEmpty() ? null : nodes.get(nodes.size() - 1);
        if (last == null || !(last.op() instanceof Op.Linear) || last.width() != LOGITS) {
            throw new IllegalArgumentException(
                    "the last node of a graph is an affine map to two columns, the start and the end logits, not "
                            + last);
        }
    }

    /**
     * The node whose result is the network's: the question-answering head, a {@link Op.Linear} of two columns, the start and the end
     * logit of each token.
     *
     * @return the last node
     */
    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    /**
     * All parameters, each once, in the order of their first use.
     *
     * @return the parameters
     */
    public List<Parameter> parameters() {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (Node node : nodes) {
            node.op().parameters().forEach(parameter -> parameters.putIfAbsent(parameter.name(), parameter));
        }
        return List.copyOf(parameters.values());
    }

    /**
     * The size of the token table: token ids are from 0 to one less than this.
     *
     * @return the rows of the token embedding
     */
    public int vocabularySize() {
        return Math.toIntExact(embeddings().tokens().shape().dimensions().get(0));
    }

    /**
     * The size of the position table: the longest sequence that the network takes, in tokens.
     *
     * @return the rows of the position embedding
     */
    public int maxPositions() {
        return Math.toIntExact(embeddings().positions().shape().dimensions().get(0));
    }

    private Op.Embeddings embeddings() {
        return (Op.Embeddings) nodes.get(0).op();
    }
}
