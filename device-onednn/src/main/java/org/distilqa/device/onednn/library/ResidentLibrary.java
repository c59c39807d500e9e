package org.distilqa.device.onednn.library;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Loads native libraries for good. JNA has a thread that closes each open library once it is garbage, and which lasts as long as
 * one is open: it would hold the class loader of an application that was undeployed. So each is closed as soon as its functions
 * are bound, but stays where it is: OpenMP's runtime would crash the process if it were unloaded while a thread lives that has used
 * it.
 */
public final class ResidentLibrary {
    /** As in {@code dlfcn.h}. */
    private static final int RTLD_LAZY = 1;

    private static final int RTLD_NODELETE = Platform.isMac() ? 0x80 : 0x1000;

    private ResidentLibrary() {}

    /**
     * Loads a library and binds its functions.
     *
     * @param name a file, or a name that JNA knows how to find
     * @param bind binds them
     * @throws UnsatisfiedLinkError if it cannot be loaded, or lacks a function
     */
    public static void bind(String name, Consumer<NativeLibrary> bind) {
        if (Platform.isWindows()) {
            // Nothing keeps a library there when it is closed.
            bind.accept(NativeLibrary.getInstance(name));
            return;
        }
        // Its names stay its own: another library in this process may have a oneDNN inside.
        NativeLibrary library =
                NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY | RTLD_NODELETE));
        try {
            bind.accept(library);
        } finally {
            close(library);
        }
    }

    @SuppressWarnings("deprecation") // Older releases of JNA have no other method for it.
    private static void close(NativeLibrary library) {
        library.dispose();
    }
}
