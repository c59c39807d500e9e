package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.distilqa.DeviceException;

/** Some memory outside the Java heap, filled at first and aligned to a cache line. Freed when it is closed, not before. */
public final class NativeBlock implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final boolean isHuge;
    private final long allocatedBytes;
    private final long allocated;
    private final long address;
    private final long bytes;
    private final Pointer pointer;
    private boolean closed;

    /** Memory of zeros. */
    public NativeBlock(long bytes) {
        this(bytes, (byte) 0);
    }

    /** Memory with this in every byte. */
    public NativeBlock(long bytes, byte filler) {
        this.bytes = bytes;
        this.isHuge = HugePages.areFor(bytes);
        long alignment = isHuge ? HugePages.BYTES : ALIGNMENT;
        // A few more bytes at the end: vectors may be read whole beyond the last element.
        this.allocatedBytes = bytes + alignment + ALIGNMENT;
        this.allocated = isHuge ? HugePages.allocate(allocatedBytes) : Native.malloc(allocatedBytes);
        if (allocated == 0) {
            throw new DeviceException("device onednn has not enough memory: " + bytes
                    + " bytes outside the Java heap could not be had; take smaller batches");
        }
        this.address = (allocated + alignment - 1) / alignment * alignment;
        this.pointer = new Pointer(address);
        if (!isHuge || filler != 0) {
            pointer.setMemory(0, bytes + ALIGNMENT, filler);
        }
    }

    public long address() {
        return address;
    }

    long bytes() {
        return bytes;
    }

    /** For reading and writing arrays; offsets are in bytes and not checked. */
    public Pointer pointer() {
        return pointer;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (isHuge) {
                HugePages.free(allocated, allocatedBytes);
            } else {
                Native.free(allocated);
            }
        }
    }
}
