package org.distilqa.device.onednn.binding;

/** What a thread runs kernels with: a stream of oneDNN, and memory for what a kernel keeps while it runs. Used by one thread at a time. */
public final class KernelStream implements AutoCloseable {
    private final int index;
    private final long handle;
    private final GrowingMemory scratch = new GrowingMemory();

    /**
     * A stream.
     *
     * @param index which of those that run the same kernels, from 0
     * @param engine the engine
     */
    public KernelStream(int index, long engine) {
        this.index = index;
        long[] created = new long[1];
        OneDnn.check(OneDnn.dnnl_stream_create(created, engine, OneDnn.IN_ORDER), "make a stream");
        this.handle = created[0];
    }

    int index() {
        return index;
    }

    long handle() {
        return handle;
    }

    /** The address of at least so many bytes. */
    long scratch(long bytes) {
        return scratch.atLeast(bytes).address();
    }

    @Override
    public void close() {
        scratch.close();
        OneDnn.dnnl_stream_destroy(handle);
    }
}
