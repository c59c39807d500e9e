package org.distilqa.device.onednn.binding;

import com.sun.jna.Pointer;

/**
 * Memory for many things of middling size, side by side: so that weights of less than a huge page are in
 * {@link HugePages} too. Its scope frees it. Safe for use by many threads.
 */
public final class NativeArena {
    private static final long CHUNK_BYTES = 4 * HugePages.BYTES;
    private static final int ALIGNMENT = 64;

    private final NativeScope scope;
    private long next;
    private long end;

    public NativeArena(NativeScope scope) {
        this.scope = scope;
    }

    /** What frees it. */
    public NativeScope scope() {
        return scope;
    }

    /** The address of so many zeros, aligned to a cache line. */
    public long allocate(long bytes) {
        return allocate(bytes, (byte) 0);
    }

    /** The address of so many bytes that are this. */
    public synchronized long allocate(long bytes, byte filler) {
        // Vectors may be read whole beyond the last element.
        long taken = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
        if (taken > end - next) {
            if (taken >= CHUNK_BYTES) {
                return scope.allocate(taken, filler).address();
            }
            NativeBlock chunk = scope.allocate(CHUNK_BYTES);
            next = chunk.address();
            end = next + CHUNK_BYTES;
        }
        long address = next;
        next += taken;
        if (filler != 0) {
            new Pointer(address).setMemory(0, taken, filler);
        }
        return address;
    }
}
