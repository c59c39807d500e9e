package org.distilqa.device.onednn.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.distilqa.graph.Node;

/** Where the results of a graph's nodes go: a place is chosen when a node is compiled, and given back when nobody needs it any more. */
public final class ResultPlaces {
    private final ResultRoles roles;
    private final ToIntFunction<Node> type;
    private final Places places;
    private final Map<Integer, Place> placeOf = new HashMap<>();

    /**
     * No place is chosen yet.
     *
     * @param roles what becomes of the graph's results
     * @param type oneDNN's type of a node's result
     * @param places what the places are taken from
     */
    public ResultPlaces(ResultRoles roles, ToIntFunction<Node> type, Places places) {
        this.roles = roles;
        this.type = type;
        this.places = places;
    }

    /** Where the result of a node is that was compiled before. */
    public Place of(Node node) {
        return placeOf.get(root(node));
    }

    /** Chooses where a node's result goes, and those of the nodes that work in place after it. */
    public Place choose(Node node) {
        return placeOf.computeIfAbsent(root(node), root -> {
            boolean isLocal = sharingPlace(root).stream().allMatch(roles::isLocal);
            return places.take(isLocal, node.width(), node.width(), type.applyAsInt(node), (byte) 0);
        });
    }

    /** Gives back the places where no result is needed any more after this node. */
    public void giveBackAfter(Node node) {
        roles.uses().endingAt(node).stream().map(this::root).distinct().forEach(root -> {
            if (sharingPlace(root).stream().allMatch(made -> roles.uses().lastUse(made) <= node.index())) {
                places.giveBack(placeOf.get(root));
            }
        });
    }

    /** The first of the nodes whose results are in the same place, one after another. */
    private int root(Node node) {
        return roles.uses().overwritten(node).map(this::root).orElse(node.index());
    }

    /** All nodes whose results are in the place of a root's. */
    private List<Node> sharingPlace(int root) {
        return roles.graph().nodes().stream().filter(node -> root(node) == root).toList();
    }
}
