package org.distilqa.device.onednn.binding;

/** Memory that grows to what was asked of it, and then has lost what was in it. Used by one thread at a time. */
public final class GrowingMemory implements AutoCloseable {
    private NativeBlock block;

    /** At least so many bytes, zeros where they are new. */
    public NativeBlock atLeast(long bytes) {
        return atLeast(bytes, (byte) 0);
    }

    /** At least so many bytes, each of them this where they are new. */
    public NativeBlock atLeast(long bytes, byte filler) {
        if (block == null || block.bytes() < bytes) {
            close();
            block = new NativeBlock(bytes, filler);
        }
        return block;
    }

    /** What there is, after it was asked for. */
    public NativeBlock block() {
        return block;
    }

    @Override
    public void close() {
        if (block != null) {
            block.close();
            block = null;
        }
    }
}
