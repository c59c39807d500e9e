package org.distilqa.internal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is loaded into this process out of others' hands: directories and files that nobody but its user, or the system's
 * administrator, can have written. On Windows, where owners and modes are other things, nothing is checked; a user's local
 * application data are that user's there.
 */
public final class FileAccess {
    private static final Logger LOG = LoggerFactory.getLogger(FileAccess.class);

    private static final String VIEW = "unix";
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final int ROOT = 0;

    // Of st_mode in POSIX's sys/stat.h.
    private static final int TYPE = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int STICKY = 01000;
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int OTHERS_WRITE = 0002;

    private final int user;

    /**
     * @param user the number of the user that this process runs as
     */
    FileAccess(int user) {
        this.user = user;
    }

    /**
     * For the user of this process.
     *
     * @return what this user may trust
     * @throws IOException if who that is cannot be told
     */
    public static FileAccess ofThisProcess() throws IOException {
        return new FileAccess(areKnown() ? thisUser() : ROOT);
    }

    private static boolean areKnown() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains(VIEW);
    }

    private static int thisUser() throws IOException {
        if (Files.exists(THIS_PROCESS)) {
            return (int) Files.getAttribute(THIS_PROCESS, "unix:uid");
        }
        Path probe = Files.createTempFile("distilqa-", ".tmp");
        try {
            return (int) Files.getAttribute(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }

    /** An entry's owner, and its type and permissions; a symbolic link is not followed. */
    private record Status(int owner, int mode) {
        static Status of(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            return new Status((int) attributes.get("uid"), (int) attributes.get("mode"));
        }

        boolean is(int type) {
            return (mode & TYPE) == type;
        }

        boolean has(int permissions) {
            return (mode & permissions) != 0;
        }
    }

    /**
     * Makes a directory if there is none, for its user alone, and takes it from everyone else if it was made otherwise.
     *
     * @param directory the directory
     * @throws IOException if it cannot be made, or belongs to another user, is a symbolic link, or another user can put
     *     something else in its place
     */
    public void makePrivate(Path directory) throws IOException {
        if (!areKnown()) {
            Files.createDirectories(directory);
            return;
        }
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory, ownerOnly);
        }
        Status status = Status.of(directory);
        if (status.is(SYMBOLIC_LINK)) {
            throw new IOException("it is a symbolic link");
        }
        if (!status.is(DIRECTORY)) {
            throw new IOException("it is not a directory");
        }
        if (!isTrusted(status)) {
            throw new IOException("it belongs to another user, number " + status.owner());
        }
        if (status.has(GROUP_OR_OTHERS_WRITE)) {
            takeFromOthers(directory);
        }
        requireSafeAncestors(directory);
    }

    private static void takeFromOthers(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        LOG.warn(
                "{} could be written to by other users, who could have had their code run here; it is its owner's now",
                directory);
    }

    /** Who may write to a directory may rename what is in it, unless that is its owner's right alone (the sticky bit). */
    private static void requireSafeAncestors(Path directory) throws IOException {
        Path ancestor = directory.toRealPath().getParent();
        while (ancestor != null) {
            Status status = Status.of(ancestor);
            if (status.has(OTHERS_WRITE) && !status.has(STICKY)) {
                throw new IOException("every user can write to " + ancestor + ", which it is in");
            }
            ancestor = ancestor.getParent();
        }
    }

    /**
     * Whether there is a plain file that nobody but its user or the administrator can have written or can write.
     *
     * @param file the file
     * @return false too if there is none
     * @throws IOException if the file system does not tell
     */
    public boolean isPrivateFile(Path file) throws IOException {
        if (!areKnown()) {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Status status = Status.of(file);
        return status.is(REGULAR_FILE) && isTrusted(status) && !status.has(GROUP_OR_OTHERS_WRITE);
    }

    private boolean isTrusted(Status status) {
        return status.owner() == user || status.owner() == ROOT;
    }
}
