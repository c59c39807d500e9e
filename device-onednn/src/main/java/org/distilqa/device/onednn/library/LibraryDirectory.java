package org.distilqa.device.onednn.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.internal.FileAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that the native libraries are copied to from their jars, because an operating system loads files only. The user's
 * cache directory is tried first, so that it is done once; then a temporary one. A file that is there already is loaded only if
 * no other user can have written it and its SHA-256 is that of what the jar has; otherwise it is written anew.
 */
public final class LibraryDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryDirectory.class);

    private final Path directory;
    private final boolean temporary;
    private final List<Path> written = new ArrayList<>();
    private FileAccess access;
    private Path made;

    LibraryDirectory(Path directory, boolean temporary) {
        this.directory = directory;
        this.temporary = temporary;
    }

    /**
     * The directories to try, in order; none is made yet.
     *
     * @throws DeviceUnavailableException if the class path and the module path lack the platform's jar
     */
    public static List<LibraryDirectory> candidates(Platform platform) {
        List<LibraryDirectory> candidates = new ArrayList<>();
        String name = "onednn-" + platform.name() + "-"
                + LibraryResource.of(platform.oneDnn()).fingerprint();
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

    /**
     * The file in this directory that has what a resource has.
     *
     * @throws IOException if the directory cannot be made or is not this user's alone, or the file cannot be written
     */
    public Path file(String name) throws IOException {
        LibraryResource library = LibraryResource.of(name);
        return file(library, library.fileName());
    }

    /** As {@link #file}, for a library that this directory is not named after: versions of it lie side by side. */
    public Path fileOfItsVersion(String name) throws IOException {
        LibraryResource library = LibraryResource.of(name);
        return file(library, library.fingerprint() + "-" + library.fileName());
    }

    private Path file(LibraryResource library, String fileName) throws IOException {
        Path target = make().resolve(fileName);
        if (access.isPrivateFile(target) && library.isIn(target)) {
            return target;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("{} is not what the jar has, or others can write to it; it is written anew", target);
        }
        // Written aside and moved as a whole: other processes may be doing the same, or be stopped half-way.
        Path part = Files.createTempFile(made, library.fileName(), ".part");
        try {
            // Into the file that was made, which is its owner's alone.
            try (InputStream content = library.open();
                    OutputStream out = Files.newOutputStream(part)) {
                content.transferTo(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        written.add(target);
        return target;
    }

    private Path make() throws IOException {
        if (made == null) {
            access = FileAccess.ofThisProcess();
            if (temporary) {
                made = Files.createTempDirectory(directory, "distilqa-onednn-");
            } else {
                access.makePrivate(directory);
                made = directory;
            }
        }
        return made;
    }

    /** The libraries are in memory: a temporary directory is not needed any more, where the system lets it go. */
    public void loaded() {
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

    /** Whether the files are there only until they are loaded. */
    public boolean isTemporary() {
        return temporary;
    }

    @Override
    public String toString() {
        return String.valueOf(made == null ? directory : made);
    }
}
