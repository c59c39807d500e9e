package org.distilqa.device.onednn.binding;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/** Native things that live equally long: closing it frees them, the newest first. Safe for use by many threads. */
public final class NativeScope implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();
    private boolean closed;

    /** Zeroed memory. */
    public NativeBlock allocate(long bytes) {
        return allocate(bytes, (byte) 0);
    }

    /** Memory with this in every byte. */
    public NativeBlock allocate(long bytes, byte filler) {
        NativeBlock block = new NativeBlock(bytes, filler);
        release(block::close);
        return block;
    }

    /** A copy of some numbers. */
    public NativeBlock copyOf(float[] values) {
        NativeBlock block = allocate((long) values.length * Float.BYTES);
        block.pointer().write(0, values, 0, values.length);
        return block;
    }

    /** Takes over a handle of oneDNN. */
    long own(long handle, LongConsumer destroy) {
        release(() -> destroy.accept(handle));
        return handle;
    }

    private synchronized void release(Runnable release) {
        if (closed) {
            release.run();
            throw new IllegalStateException("the scope is closed");
        }
        releases.push(release);
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }
}
