package org.distilqa.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as a list of nodes in topological order: each node's inputs stand before it, the first is the only
 * {@link Op.Embeddings}, the last the only {@link Op.QaHead}. It knows no device. Immutable.
 *
 * <p>Every width, parameter and wiring was checked against the checkpoint when the graph was built (see
 * {@link GraphBuilder}), so a device may rely on them.
 *
 * @param nodes the nodes
 */
public record Graph(List<Node> nodes) {

    /**
     * Copies the nodes.
     *
     * @param nodes the nodes
     */
    public Graph {
        nodes = List.copyOf(nodes);
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
