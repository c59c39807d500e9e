package org.distilqa.device.onednn;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.DeviceUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library: brings it from the jars into a directory, loads it and binds {@link OneDnn} and {@link OpenMp} while a device
 * is open.
 */
final class OneDnnLibrary {
    /** Of {@code dnnl_cpu_isa_t}, on x86-64. */
    private static final int AVX_BIT = 0x2;

    private static final int AVX2_BIT = 0x4;
    private static final int AVX512_BIT = 0x20;

    private static final int VNNI_BITS = 0x48;
    private static final int BF16_BIT = 0x80;
    private static final int AMX_BIT = 0x200;

    /** So many kernels are kept by oneDNN itself, when nobody uses them any more. */
    private static final int KEPT_KERNELS = 128;

    private static final Logger LOG = LoggerFactory.getLogger(OneDnnLibrary.class);

    private static Processor loaded;

    private static boolean hasTilesLibrary;

    /** Where the libraries are that were loaded, to be bound again. */
    private static Optional<Files> files = Optional.empty();

    /** How many devices are open. */
    private static int users;

    private record Files(Path openMp, Path oneDnn, Optional<Path> tiles) {}

    private OneDnnLibrary() {}

    /**
     * What oneDNN says of itself and of the processor.
     *
     * @param version oneDNN's version
     * @param isX86 whether the processor is an x86-64 one
     * @param instructions oneDNN's bits for what the processor can do, and the environment lets it; on x86-64
     * @param products what oneDNN would multiply matrices with, in each precision
     * @param vendor who made it, as {@link ProcessorVendor} tells it
     * @param hasTiles whether {@link Tiles} can be called: the processor has the tile unit, and the library is there
     */
    record Processor(
            String version,
            boolean isX86,
            int instructions,
            Map<Precision, MatrixProducts> products,
            String vendor,
            boolean hasTiles) {
        Processor {
            products = Map.copyOf(products);
        }

        /** Whether products of bytes are added up in 32 bits at once; without, pairs of them are first added in 16. */
        boolean hasVnni() {
            return isX86 && (instructions & VNNI_BITS) != 0;
        }

        /** Whether there are instructions that multiply bfloat16, AVX512-BF16 or AMX-BF16; oneDNN can do it without. */
        boolean hasBfloat16() {
            return isX86 && (instructions & BF16_BIT) != 0;
        }

        /** Whether oneDNN has kernels for this precision that are worth it. */
        boolean isFast(Precision precision) {
            return products.get(precision).slow(hasBfloat16()).isEmpty();
        }

        /**
         * The precision that {@code precision=auto} takes. Intel's vectors multiply bfloat16 no faster than float32, which oneDNN's
         * kernels then do better; its tile unit, and the vectors of AMD's processors, are faster with it.
         */
        Precision automatic() {
            boolean isWorthIt = (instructions & AMX_BIT) != 0 || !vendor.equals(ProcessorVendor.INTEL);
            return hasBfloat16() && isWorthIt && isFast(Precision.BFLOAT16) ? Precision.BFLOAT16 : Precision.FLOAT32;
        }

        /**
         * Refuses a precision that is slow here.
         *
         * @throws DeviceUnavailableException which says what oneDNN would take for it, and what to use instead
         */
        void requireFast(Precision precision) {
            String slow = products.get(precision).slow(hasBfloat16()).orElse("");
            if (!slow.isEmpty()) {
                throw new DeviceUnavailableException("device onednn refuses precision=" + precision.option()
                        + ", which would be slow here: oneDNN " + version + " sees " + describe() + " and "
                        + (slow.equals(MatrixProducts.NONE) ? "has no kernel" : "would take " + slow)
                        + " for its matrix products; use "
                        + (precision == Precision.FLOAT32
                                ? "the device cpu"
                                : "precision=" + automatic().option() + " or precision=" + OneDnnOptions.AUTO));
            }
        }

        /**
         * Whether threads may share a run. Without AVX2 oneDNN 3.13 multiplies by {@code gemm:jit}, which now and then gives wrong
         * products when two threads run it at once.
         */
        boolean mayShareRuns() {
            return !isX86 || (instructions & AVX2_BIT) != 0;
        }

        /** A few words for a person. */
        String describe() {
            if (!isX86) {
                return "ARM64";
            }
            return "x86-64 with " + vectors() + (hasVnni() ? " and VNNI" : "") + (hasBfloat16() ? " and BF16" : "")
                    + ((instructions & AMX_BIT) != 0 ? " and AMX" : "");
        }

        private String vectors() {
            if ((instructions & AVX512_BIT) != 0) {
                return "AVX-512";
            }
            if ((instructions & AVX2_BIT) != 0) {
                return "AVX2";
            }
            return (instructions & AVX_BIT) != 0 ? "AVX" : "SSE4.1";
        }
    }

    /**
     * Loads the library if that has not been done yet. After a failure it is tried anew. Its functions can be called between
     * {@link #acquire()} and {@link #release()} only.
     *
     * @throws DeviceUnavailableException if there is none for this platform, its jar is missing, or it cannot be loaded
     */
    static synchronized Processor load() {
        if (loaded == null) {
            acquire();
            release();
        }
        return loaded;
    }

    /**
     * Binds the library's functions, for a device that is opened. What JNA keeps for each of them would hold the class loader of
     * an application that was undeployed, so they are bound no longer than one is open.
     *
     * @throws DeviceUnavailableException as {@link #load()} does
     */
    static synchronized void acquire() {
        if (users == 0) {
            bind();
        }
        users++;
    }

    /** A device was closed. */
    static synchronized void release() {
        users--;
        if (users == 0) {
            unbind();
        }
    }

    private static void bind() {
        try {
            if (files.isEmpty()) {
                Platform platform = platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
                bind(platform);
                OneDnn.check(OneDnn.dnnl_set_primitive_cache_capacity(KEPT_KERNELS), "set the size of its cache");
                loaded = processor(platform.isX86());
            } else {
                bind(files.get());
            }
        } catch (RuntimeException | Error e) {
            try {
                unbind();
            } catch (LinkageError suppressed) {
                e.addSuppressed(suppressed); // Without JNA, nothing was bound.
            }
            throw e;
        }
    }

    private static void bind(Files from) {
        ResidentLibrary.bind(from.openMp().toString(), OpenMp::bind);
        ResidentLibrary.bind(from.oneDnn().toString(), OneDnn::bind);
        from.tiles().ifPresent(tiles -> ResidentLibrary.bind(tiles.toString(), Tiles::bind));
        HugePages.bind();
    }

    private static void unbind() {
        HugePages.unbind();
        Native.unregister(Tiles.class);
        Native.unregister(OneDnn.class);
        Native.unregister(OpenMp.class);
    }

    private static Processor processor(boolean isX86) {
        int instructions = OneDnn.dnnl_get_effective_cpu_isa();
        boolean hasBfloat16 = isX86 && (instructions & BF16_BIT) != 0;
        boolean hasTileUnit = isX86 && (instructions & AMX_BIT) != 0;
        return new Processor(
                version(),
                isX86,
                instructions,
                MatrixProducts.ask(hasBfloat16),
                ProcessorVendor.ofThisMachine(),
                hasTileUnit && hasTilesLibrary);
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
                Files from = new Files(
                        directory.file(platform.openMp()),
                        directory.file(platform.oneDnn()),
                        tiles(platform, directory));
                bind(from);
                hasTilesLibrary = from.tiles().isPresent();
                if (directory.isTemporary()) {
                    // Its files are gone in a moment: they could not be bound again.
                    users++;
                } else {
                    files = Optional.of(from);
                }
                directory.loaded();
                return;
            } catch (IOException | UnsatisfiedLinkError e) {
                LOG.info("oneDNN cannot be loaded from {}: {}", directory, firstLine(e));
                failures.add(directory + ": " + firstLine(e));
            }
        }
        throw new DeviceUnavailableException("oneDNN could not be loaded from " + String.join("; nor from ", failures));
    }

    /** The library for the tile unit, if it was built for this platform. */
    private static Optional<Path> tiles(Platform platform, LibraryDirectory directory) throws IOException {
        return platform.name().equals("linux-x86_64")
                        && NativeJars.resource(Tiles.resource()).isPresent()
                ? Optional.of(directory.fileOfItsVersion(Tiles.resource()))
                : Optional.empty();
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
