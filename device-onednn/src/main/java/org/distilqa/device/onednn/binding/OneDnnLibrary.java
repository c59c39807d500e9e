package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.device.onednn.library.LibraryDirectory;
import org.distilqa.device.onednn.library.NativeJars;
import org.distilqa.device.onednn.library.Platform;
import org.distilqa.device.onednn.library.ResidentLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native libraries: brings them from the jars into a directory, loads them and binds {@link OneDnn}, {@link OpenMp} and
 * {@link Tiles} while somebody uses them.
 */
public final class OneDnnLibrary {
    /** So many kernels are kept by oneDNN itself, when nobody uses them any more. */
    private static final int KEPT_KERNELS = 128;

    private static final Logger LOG = LoggerFactory.getLogger(OneDnnLibrary.class);

    private static boolean hasTiles;

    /** Where the libraries are that were loaded, to be bound again. */
    private static Optional<Files> files = Optional.empty();

    /** How many devices are open. */
    private static int users;

    private record Files(Path openMp, Path oneDnn, Optional<Path> tiles) {}

    private OneDnnLibrary() {}

    /**
     * Loads the libraries, if that has not been done yet, and binds their functions: for a device that is opened, or for as long as
     * they are asked for something. What JNA keeps for each function would hold the class loader of an application that was
     * undeployed, so they are bound no longer than somebody uses them. After a failure it is tried anew.
     *
     * @throws DeviceUnavailableException if there is none for this platform, its jar is missing, or it cannot be loaded
     */
    public static synchronized void acquire() {
        if (users == 0) {
            bind();
        }
        users++;
    }

    /** Whoever acquired them needs them no more. */
    public static synchronized void release() {
        users--;
        if (users == 0) {
            unbind();
        }
    }

    private static void bind() {
        try {
            if (files.isEmpty()) {
                bind(platform());
                OneDnn.check(OneDnn.dnnl_set_primitive_cache_capacity(KEPT_KERNELS), "set the size of its cache");
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

    /**
     * The platform that this process runs on.
     *
     * @throws DeviceUnavailableException if there is no library for it
     */
    public static Platform platform() {
        return platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** As {@link #platform()}, for the values of these system properties. */
    public static Platform platform(String osName, String osArch) {
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
                hasTiles = from.tiles().isPresent();
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

    /** Whether {@link Tiles} is bound too. */
    public static synchronized boolean hasTiles() {
        return hasTiles;
    }

    /** oneDNN's version, from the first fields of {@code dnnl_version_t}: major, minor and patch. */
    public static String version() {
        Pointer version = OneDnn.dnnl_version();
        return version.getInt(0) + "." + version.getInt(Integer.BYTES) + "." + version.getInt(2L * Integer.BYTES);
    }
}
