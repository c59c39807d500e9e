package org.distilqa.device.onednn.binding;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The kernels of the shapes used last, each made when first asked for. oneDNN compiles a kernel for its shapes, which takes a
 * millisecond and some hundred kilobytes, so they are kept, but never more than {@code capacity} of them between two passes.
 * Safe for use by many threads.
 *
 * @param <K> what tells kernels apart, with {@code equals} and {@code hashCode}
 * @param <V> a kernel, or some that belong together
 */
public final class KernelCache<K, V extends KernelCache.Entry> implements AutoCloseable {
    /** What is kept. */
    public interface Entry extends AutoCloseable {
        @Override
        void close();
    }

    private final int capacity;
    private final Function<K, V> maker;
    private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A cache with nothing in it.
     *
     * @param capacity how many {@link #trim()} leaves
     * @param maker makes what is not there
     */
    public KernelCache(int capacity, Function<K, V> maker) {
        this.capacity = capacity;
        this.maker = maker;
    }

    /** What there is for a key, which stays until {@link #trim()}. */
    public synchronized V get(K key) {
        return entries.computeIfAbsent(key, maker);
    }

    /** Lets go those not used for longest, if there are too many. Called when no kernel is in use. */
    public synchronized void trim() {
        Iterator<V> oldestFirst = entries.values().iterator();
        for (int excess = entries.size() - capacity; excess > 0; excess--) {
            oldestFirst.next().close();
            oldestFirst.remove();
        }
    }

    public synchronized int size() {
        return entries.size();
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
    }
}
