package org.distilqa.device.onednn;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The attention kernels of the shapes used last. One thread at a time uses it. */
final class AttentionKernelCache implements AutoCloseable {
    /** A sequence's length has one or two shapes, so these are those of a hundred lengths or more. */
    private static final int CAPACITY = 200;

    private final KernelBuilder.Target target;
    private final Map<AttentionKernels.Shape, AttentionKernels> kernels = new LinkedHashMap<>(16, 0.75f, true);

    AttentionKernelCache(KernelBuilder.Target target) {
        this.target = target;
    }

    /** The kernels of a shape, which stay until {@link #trim()}. */
    AttentionKernels get(AttentionKernels.Shape shape) {
        return kernels.computeIfAbsent(shape, s -> AttentionKernels.of(s, target));
    }

    /** Lets go those not used for longest. */
    void trim() {
        Iterator<AttentionKernels> oldestFirst = kernels.values().iterator();
        for (int excess = kernels.size() - CAPACITY; excess > 0; excess--) {
            oldestFirst.next().close();
            oldestFirst.remove();
        }
    }

    @Override
    public void close() {
        kernels.values().forEach(AttentionKernels::close);
        kernels.clear();
    }
}
