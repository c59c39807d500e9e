package org.distilqa.device.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.DeviceUnavailableException;

/**
 * A directory that the native libraries are copied to from their jars, because an operating system loads files only. The user's
 * cache directory is tried first, so that it is done once; then a temporary one.
 */
final class LibraryDirectory {
    private final Path directory;
    private final boolean temporary;
    private final List<Path> written = new ArrayList<>();
    private Path made;

    private LibraryDirectory(Path directory, boolean temporary) {
        this.directory = directory;
        this.temporary = temporary;
    }

    /**
     * The directories to try, in order; none is made yet.
     *
     * @throws DeviceUnavailableException if the class path and the module path lack the platform's jar
     */
    static List<LibraryDirectory> candidates(Platform platform) {
        List<LibraryDirectory> candidates = new ArrayList<>();
        String name = "onednn-" + platform.name() + "-" + fingerprint(platform.oneDnn());
        UserCache.directory(System.getProperty("os.name", ""), System.getenv(), System.getProperty("user.home"))
                .ifPresent(cache -> candidates.add(new LibraryDirectory(cache.resolve(name), false)));
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            candidates.add(new LibraryDirectory(parent, true));
        } catch (InvalidPathException e) {
            // What the property names is no place for anything.
        }
        return candidates;
    }

    /** Tells this version of a library from others. */
    private static String fingerprint(String resource) {
        try {
            URLConnection connection = resource(resource).openConnection();
            if (connection instanceof JarURLConnection jar) {
                return Long.toHexString(jar.getJarEntry().getCrc());
            }
            return Long.toString(connection.getContentLengthLong());
        } catch (IOException e) {
            throw new DeviceUnavailableException("the resource " + resource + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static URL resource(String name) {
        return NativeJars.resource(name)
                .orElseThrow(
                        () -> new DeviceUnavailableException(
                                "neither the class path nor the module path has " + name
                                        + "; add the jar org.bytedeco:dnnl of distilqa-device-onednn's dependencies for this platform"));
    }

    /** The file in this directory that has what a resource has; it is written unless it is there. */
    Path file(String name) throws IOException {
        Path target = make().resolve(name.substring(name.lastIndexOf('/') + 1));
        URLConnection connection = resource(name).openConnection();
        if (Files.isRegularFile(target) && Files.size(target) == connection.getContentLengthLong()) {
            return target;
        }
        // Written aside and moved as a whole: other processes may be doing the same, or be stopped half-way.
        Path part =
                Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
        try (InputStream content = connection.getInputStream()) {
            Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        written.add(target);
        return target;
    }

    private Path make() throws IOException {
        if (made == null) {
            made = temporary
                    ? Files.createTempDirectory(directory, "distilqa-onednn-")
                    : Files.createDirectories(directory);
        }
        return made;
    }

    /** The libraries are in memory: a temporary directory is not needed any more, where the system lets it go. */
    void loaded() {
        if (!temporary) {
            return;
        }
        made.toFile().deleteOnExit();
        for (Path file : written) {
            if (!file.toFile().delete()) {
                file.toFile().deleteOnExit();
            }
        }
        made.toFile().delete();
    }

    @Override
    public String toString() {
        return String.valueOf(made == null ? directory : made);
    }
}
