package org.distilqa.device.onednn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Asks Linux to keep large memory in pages of 2 MB. Weights are read from one end to the other again and again, and with pages of
 * 4 KB the processor looks up the address of each; this is worth a tenth to a fifth where there are few rows.
 */
final class HugePages {
    static final long BYTES = 2 << 20;

    private static final int MADV_HUGEPAGE = 14;

    private HugePages() {}

    /** Whether memory of this size is to be aligned to {@link #BYTES} and asked for. */
    static boolean areFor(long bytes) {
        return bytes >= BYTES && LibC.IS_BOUND;
    }

    /** Asks for memory that has not been touched yet; the system may not heed it. */
    static void ask(long address, long bytes) {
        LibC.madvise(address, bytes, MADV_HUGEPAGE);
    }

    private static final class LibC {
        static final boolean IS_BOUND;

        static {
            boolean bound = false;
            if (Platform.isLinux()) {
                try {
                    Native.register(LibC.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
                    bound = true;
                } catch (LinkageError e) {
                    // It is a wish only.
                }
            }
            IS_BOUND = bound;
        }

        private LibC() {}

        static native int madvise(long address, long bytes, int advice);
    }
}
