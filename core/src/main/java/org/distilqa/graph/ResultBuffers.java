package org.distilqa.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares buffers among results: a result gets a buffer that nobody needs at that time, the one that was given back last, whose
 * memory is likeliest to be in a cache; only where there is none, a new one. A device asks for them in the order in which its
 * nodes run, once, when it compiles a graph (linear scan, as for registers: Poletto and Sarkar, 1999); {@link GraphUses#endingAt}
 * says what to give back. Nothing is allocated here: buffers are numbers. Not safe for use by many threads.
 *
 * @param <K> what tells buffers apart that cannot stand for each other, such as a type of elements, by {@code equals}
 */
public final class ResultBuffers<K> {
    private final Map<K, Deque<Integer>> free = new HashMap<>();
    private final List<K> kinds = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final BitSet taken = new BitSet();

    /** No buffers yet. */
    public ResultBuffers() {}

    /**
     * A buffer that is not in use.
     *
     * @param kind its kind
     * @param size how large it must be, at least 0, in a unit of the caller's; it grows to that
     * @return its number, from 0
     */
    public int take(K kind, int size) {
        Deque<Integer> unused = free.computeIfAbsent(kind, key -> new ArrayDeque<>());
        int buffer = unused.isEmpty() ? kinds.size() : unused.pop();
        if (buffer == kinds.size()) {
            kinds.add(kind);
            sizes.add(size);
        } else {
            sizes.set(buffer, Math.max(size, sizes.get(buffer)));
        }
        taken.set(buffer);
        return buffer;
    }

    /**
     * What is in a buffer is not needed any more.
     *
     * @param buffer its number
     * @throws IllegalStateException if it is not in use: two results would overwrite each other
     */
    public void giveBack(int buffer) {
        if (!taken.get(buffer)) {
            throw new IllegalStateException("buffer " + buffer + " is given back, but it is not in use");
        }
        taken.clear(buffer);
        free.get(kinds.get(buffer)).push(buffer);
    }

    /**
     * The kinds of all buffers, in the order of their numbers.
     *
     * @return a kind for each buffer
     */
    public List<K> kinds() {
        return List.copyOf(kinds);
    }

    /**
     * The sizes of all buffers, in the order of their numbers.
     *
     * @return for each buffer the largest size that was asked for
     */
    public List<Integer> sizes() {
        return List.copyOf(sizes);
    }
}
