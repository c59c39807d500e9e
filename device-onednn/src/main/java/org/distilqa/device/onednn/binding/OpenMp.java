package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The two functions of the OpenMP runtime beneath oneDNN that say how many threads a thread's primitives use. */
public final class OpenMp {
    private OpenMp() {}

    static void bind(NativeLibrary library) {
        Native.register(OpenMp.class, library);
    }

    public static native void omp_set_num_threads(int threads);

    public static native int omp_get_max_threads();
}
