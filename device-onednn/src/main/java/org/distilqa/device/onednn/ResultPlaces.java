package org.distilqa.device.onednn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;

/** Where the results of a graph's nodes go: a place is chosen when a node is compiled, and given back when nobody needs it any more. */
final class ResultPlaces {
    private final Graph graph;
    private final GraphUses uses;
    private final ResultRoles roles;
    private final ToIntFunction<Node> type;
    private final Places places;
    private final Map<Integer, Place> placeOf = new HashMap<>();

    /**
     * No place is chosen yet.
     *
     * @param type oneDNN's type of a node's result
     * @param places what the places are taken from
     */
    ResultPlaces(Graph graph, GraphUses uses, ResultRoles roles, ToIntFunction<Node> type, Places places) {
        this.graph = graph;
        this.uses = uses;
        this.roles = roles;
        this.type = type;
        this.places = places;
    }

    /** Where the result of a node is that was compiled before. */
    Place of(Node node) {
        return placeOf.get(root(node));
    }

    /** Chooses where a node's result goes, and those of the nodes that work in place after it. */
    Place choose(Node node) {
        return placeOf.computeIfAbsent(root(node), root -> {
            boolean isLocal = sharingPlace(root).stream().allMatch(roles::isLocal);
            return places.take(isLocal, node.width(), node.width(), type.applyAsInt(node), (byte) 0);
        });
    }

    /** Gives back the places where no result is needed any more after this node. */
    void giveBackAfter(Node node) {
        uses.endingAt(node).stream().map(this::root).distinct().forEach(root -> {
            if (sharingPlace(root).stream().allMatch(made -> uses.lastUse(made) <= node.index())) {
                places.giveBack(placeOf.get(root));
            }
        });
    }

    /** The first of the nodes whose results are in the same place, one after another. */
    private int root(Node node) {
        return uses.overwritten(node).map(this::root).orElse(node.index());
    }

    /** All nodes whose results are in the place of a root's. */
    private List<Node> sharingPlace(int root) {
        return graph.nodes().stream().filter(node -> root(node) == root).toList();
    }
}
