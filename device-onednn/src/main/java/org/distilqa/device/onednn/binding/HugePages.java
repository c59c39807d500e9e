package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.distilqa.device.onednn.library.ResidentLibrary;

/**
 * Asks Linux to keep large memory in pages of 2 MB. Weights are read from one end to the other again and again, and with pages of
 * 4 KB the processor looks up the address of each; this is worth a tenth to a fifth where there are few rows.
 */
final class HugePages {
    static final long BYTES = 2 << 20;

    private static final int MADV_HUGEPAGE = 14;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final long MAP_FAILED = -1;

    private static volatile boolean isBound;

    private HugePages() {}

    /** Whether memory of this size is to come from {@link #allocate}. */
    static boolean areFor(long bytes) {
        return bytes >= BYTES && isBound;
    }

    /**
     * The address of so many zeros straight from the system, in huge pages from its first multiple of {@link #BYTES} on if the
     * system heeds the wish; 0 if it has no more. The allocator's own memory would keep huge pages of which little is in use.
     */
    static long allocate(long bytes) {
        long address = LibC.mmap(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (address == MAP_FAILED) {
            return 0;
        }
        LibC.madvise(address, bytes, MADV_HUGEPAGE);
        return address;
    }

    /** Gives memory from {@link #allocate} back. */
    static void free(long address, long bytes) {
        LibC.munmap(address, bytes);
    }

    /** Binds the system's functions, where they are known. */
    static void bind() {
        if (Platform.isLinux()) {
            try {
                ResidentLibrary.bind(Platform.C_LIBRARY_NAME, library -> Native.register(LibC.class, library));
                isBound = true;
            } catch (LinkageError e) {
                // It is a wish only.
            }
        }
    }

    static void unbind() {
        isBound = false;
        Native.unregister(LibC.class);
    }

    private static final class LibC {
        private LibC() {}

        static native long mmap(long address, long bytes, int protection, int flags, int file, long offset);

        static native int munmap(long address, long bytes);

        static native int madvise(long address, long bytes, int advice);
    }
}
