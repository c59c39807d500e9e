package org.distilqa.device.onednn.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelCacheTest {
    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final KernelCache<String, KernelCache.Entry> cache = new KernelCache<>(2, key -> {
        made.add(key);
        return () -> closed.add(key);
    });

    @Test
    void letsGoTheOneNotUsedForLongestWhenItIsTrimmedAndMakesItAnew() {
        cache.get("a");
        cache.get("b");
        cache.get("a");
        cache.get("c");
        assertThat(cache.size()).isEqualTo(3);
        assertThat(closed).isEmpty();
        cache.trim();
        assertThat(cache.size()).isEqualTo(2);
        assertThat(closed).containsExactly("b");
        cache.get("a");
        cache.get("b");
        assertThat(made).containsExactly("a", "b", "c", "b");
    }

    @Test
    void closesAllWhenItIsClosed() {
        cache.get("a");
        cache.get("b");
        cache.close();
        assertThat(closed).containsExactlyInAnyOrder("a", "b");
        assertThat(cache.size()).isZero();
    }
}
