package org.distilqa.device.onednn;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distilqa.DeviceUnavailableException;

/**
 * The native library: brings it from the jars into a directory, loads it and binds {@link OneDnn} and {@link OpenMp}, once in a
 * JVM.
 */
final class OneDnnLibrary {
    private static final int RTLD_LAZY = 1;
    /** Of {@code dnnl_cpu_isa_t}, on x86-64. */
    private static final int AVX2 = 0x7;

    private static final int VNNI_BITS = 0x48;
    private static final int BF16_BIT = 0x80;
    private static final int AMX_BIT = 0x200;

    /** So many kernels are kept by oneDNN itself, when nobody uses them any more. */
    private static final int KEPT_KERNELS = 256;

    private static Processor loaded;

    private OneDnnLibrary() {}

    /**
     * What oneDNN says of itself and of the processor.
     *
     * @param version oneDNN's version
     * @param isX86 whether the processor is an x86-64 one
     * @param instructions oneDNN's bits for what the processor can do, and the environment lets it; on x86-64
     */
    record Processor(String version, boolean isX86, int instructions) {
        boolean hasAvx2() {
            return (instructions & AVX2) == AVX2;
        }

        /** Whether products of bytes are added up in 32 bits at once; without, pairs of them are first added in 16. */
        boolean hasVnni() {
            return isX86 && (instructions & VNNI_BITS) != 0;
        }

        boolean hasBfloat16() {
            return isX86 && (instructions & BF16_BIT) != 0;
        }

        /** A few words for a person. */
        String describe() {
            if (!isX86) {
                return "ARM64";
            }
            String widest = (instructions & 0x20) != 0 ? "AVX-512" : "AVX2";
            return "x86-64 with " + widest + (hasVnni() ? " and VNNI" : "") + (hasBfloat16() ? " and BF16" : "")
                    + ((instructions & AMX_BIT) != 0 ? " and AMX" : "");
        }
    }

    /**
     * Loads the library if that has not been done yet. After a failure it is tried anew.
     *
     * @throws DeviceUnavailableException if there is none for this platform, its jar is missing, or it cannot be loaded
     */
    static synchronized Processor load() {
        if (loaded == null) {
            Platform platform = platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
            bind(platform);
            OneDnn.check(OneDnn.dnnl_set_primitive_cache_capacity(KEPT_KERNELS), "set the size of its cache");
            loaded = new Processor(version(), platform.isX86(), OneDnn.dnnl_get_effective_cpu_isa());
        }
        return loaded;
    }

    static Platform platform(String osName, String osArch) {
        return Platform.of(osName, osArch)
                .orElseThrow(() -> new DeviceUnavailableException("there is no oneDNN for " + osName + " on " + osArch
                        + ", only for " + String.join(", ", Platform.names())));
    }

    private static void bind(Platform platform) {
        List<String> failures = new ArrayList<>();
        for (LibraryDirectory directory : LibraryDirectory.candidates(platform)) {
            try {
                Path openMp = directory.file(platform.openMp());
                Path oneDnn = directory.file(platform.oneDnn());
                OpenMp.bind(open(platform, openMp));
                OneDnn.bind(open(platform, oneDnn));
                directory.loaded();
                return;
            } catch (IOException | UnsatisfiedLinkError e) {
                failures.add(directory + ": " + firstLine(e));
            }
        }
        throw new DeviceUnavailableException("oneDNN could not be loaded from " + String.join("; nor from ", failures));
    }

    private static NativeLibrary open(Platform platform, Path file) {
        // Its names stay its own: another library in this process may have a oneDNN inside.
        Map<String, Object> options = platform.isWindows() ? Map.of() : Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY);
        return NativeLibrary.getInstance(file.toString(), options);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    /** The first fields of {@code dnnl_version_t}: major, minor and patch. */
    private static String version() {
        Pointer version = OneDnn.dnnl_version();
        return version.getInt(0) + "." + version.getInt(Integer.BYTES) + "." + version.getInt(2L * Integer.BYTES);
    }
}
