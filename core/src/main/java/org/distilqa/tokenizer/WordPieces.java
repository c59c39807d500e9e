package org.distilqa.tokenizer;

import java.util.Arrays;

/**
 * Texts with a token id each, as a trie of UTF-16 units, so that the longest that begins somewhere is found in one pass. The
 * nodes are numbers from 0, the root; one hash table, from a node and a unit to the next node, holds all edges.
 */
final class WordPieces {
    static final int ROOT = 0;

    /** No node, or no id. */
    static final int NONE = -1;

    /** 2^64 divided by the golden ratio: multiplied by it, keys that are close together are spread. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Of each edge the node that it leaves and its unit, plus 1; 0 where there is none. Never more than half full. */
    private long[] edges;

    private int[] targets;
    private int shift;

    private int[] ids = {NONE};
    private int nodes = 1;

    /** An empty trie with room for some texts of a vocabulary's usual length. */
    WordPieces(int texts) {
        int capacity = Integer.highestOneBit(Math.max(16, Math.min(texts, 1 << 24))) << 3;
        allocate(capacity);
    }

    private void allocate(int capacity) {
        edges = new long[capacity];
        targets = new int[capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    }

    /** The node after an edge, or {@link #NONE}. */
    int next(int node, char unit) {
        int slot = slot((long) node << Character.SIZE | unit);
        return edges[slot] == 0 ? NONE : targets[slot];
    }

    /** The id of the text that leads to a node, or {@link #NONE}. */
    int id(int node) {
        return ids[node];
    }

    /** The id of a text, or {@link #NONE}. */
    int id(String text) {
        int node = ROOT;
        for (int i = 0; i < text.length() && node != NONE; i++) {
            node = next(node, text.charAt(i));
        }
        return node == NONE ? NONE : ids[node];
    }

    /** Gives a text an id, or another one; {@link #NONE} to take it out. */
    void put(String text, int id) {
        int node = node(text);
        ids[node] = id;
    }

    /** The node of a text, which is made where there is none. */
    int node(String text) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int next = next(node, text.charAt(i));
            node = next == NONE ? grow(node, text.charAt(i)) : next;
        }
        return node;
    }

    private int grow(int node, char unit) {
        if (nodes > edges.length / 2) {
            rehash();
        }
        if (nodes == ids.length) {
            ids = Arrays.copyOf(ids, 2 * nodes);
            Arrays.fill(ids, nodes, ids.length, NONE);
        }
        long edge = (long) node << Character.SIZE | unit;
        int slot = slot(edge);
        edges[slot] = edge + 1;
        targets[slot] = nodes;
        return nodes++;
    }

    private void rehash() {
        long[] oldEdges = edges;
        int[] oldTargets = targets;
        allocate(Math.multiplyExact(2, oldEdges.length));
        for (int i = 0; i < oldEdges.length; i++) {
            if (oldEdges[i] != 0) {
                int slot = slot(oldEdges[i] - 1);
                edges[slot] = oldEdges[i];
                targets[slot] = oldTargets[i];
            }
        }
    }

    /** Where an edge is, or would be. */
    private int slot(long edge) {
        long[] table = edges;
        int slot = (int) ((edge + 1) * SPREAD >>> shift);
        while (table[slot] != 0 && table[slot] != edge + 1) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }
}
