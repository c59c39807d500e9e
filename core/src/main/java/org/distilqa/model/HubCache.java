package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository in the standard cache of Hugging Face (huggingface_hub's documentation, "Understand caching"):
 * {@code blobs} holds the files under their checksums, {@code snapshots/COMMIT} links to them by their names,
 * {@code refs/REVISION} says which commit a branch or tag is, {@code .no_exist/COMMIT} remembers files that there are not.
 */
final class HubCache {
    private static final Logger LOG = LoggerFactory.getLogger(HubCache.class);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

    private final Path repository;
    private final Path locks;

    HubCache(Path cache, String id) {
        String folder = "models--" + id.replace("/", "--");
        this.repository = cache.resolve(folder);
        this.locks = cache.resolve(".locks").resolve(folder);
    }

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** The commit that a revision was when the hub was last asked, or that it is itself. */
    Optional<String> commit(String revision) {
        if (isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = ref(revision);
        if (!Files.isRegularFile(ref) || !Files.isReadable(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubCache::isCommit);
        } catch (IOException e) {
            throw unreadable(ref, e);
        }
    }

    /** Notes which commit a revision is, for the time when the hub cannot be asked. */
    void rememberCommit(String revision, String commit) {
        if (!isCommit(revision) && !commit(revision).equals(Optional.of(commit))) {
            writeIfPossible(ref(revision), commit);
        }
    }

    private Path ref(String revision) {
        Path refs = repository.resolve("refs");
        Path ref = refs.resolve(revision).normalize();
        if (!ref.startsWith(refs) || ref.equals(refs)) {
            throw new ModelDownloadException("\"" + revision + "\" is not a revision's name");
        }
        return ref;
    }

    Path snapshot(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return repository.resolve("blobs").resolve(etag);
    }

    /**
     * Gathers a file beside the place where it belongs. Not where Hugging Face's Python does it: its lock does not keep this
     * process out, and two that write one file spoil it. Where others are not kept out, or have begun one that this user may
     * not write, the file is one for this call alone and is deleted with it; else the next call may go on with it.
     *
     * @param file where it belongs
     * @param locked whether other processes are kept out
     * @param action what fills the file that it is given and moves it
     */
    static void gather(Path file, boolean locked, Consumer<Path> action) {
        Path shared = file.resolveSibling(file.getFileName() + ".distilqa.incomplete");
        if (locked && (!Files.exists(shared) || Files.isWritable(shared))) {
            action.accept(shared);
            return;
        }
        Path own = file.resolveSibling(file.getFileName() + ".distilqa." + UUID.randomUUID() + ".incomplete");
        try {
            action.accept(own);
        } finally {
            deleteIfPossible(own);
        }
    }

    void locked(String etag, CacheLock.Action action) {
        CacheLock.holding(locks.resolve(etag + ".lock"), action);
    }

    /** Refuses a cache that no file can be added to. */
    void requireWritable() {
        Path blobs = repository.resolve("blobs");
        createDirectories(blobs);
        if (!Files.isWritable(blobs)) {
            throw new ModelDownloadException(
                    blobs + ": this user may not write there; HF_HUB_CACHE names another place for the cache");
        }
    }

    boolean isKnownAbsent(String commit, String file) {
        return Files.exists(absent(commit, file));
    }

    void rememberAbsent(String commit, String file) {
        writeIfPossible(absent(commit, file), "");
    }

    private Path absent(String commit, String file) {
        return repository.resolve(".no_exist").resolve(commit).resolve(file);
    }

    /** Makes the name in the snapshot stand for the blob: by a relative link, or a copy where there are no links. */
    void link(String commit, String file, String etag) {
        Path pointer = snapshot(commit).resolve(file);
        Path blob = blob(etag);
        try {
            Files.createDirectories(pointer.getParent());
            Path target = pointer.getParent().relativize(blob);
            if (Files.isSymbolicLink(pointer) && Files.readSymbolicLink(pointer).equals(target)) {
                return;
            }
            Path fresh = temporary(pointer);
            try {
                linkOrCopy(fresh, target, blob);
                Files.move(fresh, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                deleteIfPossible(fresh);
            }
        } catch (IOException e) {
            throw unwritable(pointer, e);
        }
    }

    private static void linkOrCopy(Path link, Path target, Path blob) throws IOException {
        try {
            Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(blob, link);
        }
    }

    /** A name beside a file that nobody else uses, be it in another container with the same process numbers. */
    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /**
     * Whether a snapshot's file is there and whole: the checksum that its blob is named by is compared once, and again when
     * the blob has changed since.
     */
    boolean isWhole(String commit, String file) {
        Path pointer = snapshot(commit).resolve(file);
        if (!Files.isRegularFile(pointer)) {
            return false;
        }
        if (!Files.isSymbolicLink(pointer)) {
            return Files.isReadable(pointer); // A copy, on a file system without links: its checksum is not known.
        }
        try {
            return isWhole(pointer.toRealPath().getFileName().toString());
        } catch (IOException e) {
            throw unreadable(pointer, e);
        }
    }

    /** Whether a blob is there and has the checksum that it is named by. */
    boolean isWhole(String etag) {
        Path blob = blob(etag);
        if (!Files.isRegularFile(blob) || !Files.isReadable(blob)) {
            return false;
        }
        try {
            Path stamp = locks.resolve(etag + ".verified");
            String state =
                    Files.size(blob) + " " + Files.getLastModifiedTime(blob).toMillis();
            if (Files.isReadable(stamp) && Files.readString(stamp).equals(state)) {
                return true;
            }
            if (!hasChecksum(blob, etag)) {
                return false;
            }
            writeIfPossible(stamp, state);
            return true;
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
    }

    private static RuntimeException unreadable(Path file, IOException e) {
        return failure(file, e, "reading", "read");
    }

    private static RuntimeException unwritable(Path file, IOException e) {
        return failure(file, e, "writing", "written");
    }

    private static RuntimeException failure(Path file, IOException e, String doing, String done) {
        return e instanceof ClosedByInterruptException
                ? new OperationInterruptedException(file + ": interrupted while " + doing, e)
                : new ModelDownloadException(file + ": cannot be " + done + ": " + e, e);
    }

    /** An ETag of 64 digits is the file's SHA-256, one of 40 is git's SHA-1 of it; any other says nothing. */
    static boolean hasChecksum(Path file, String etag) throws IOException {
        try {
            MessageDigest digest;
            if (SHA256.matcher(etag).matches()) {
                digest = MessageDigest.getInstance("SHA-256");
            } else if (SHA1.matcher(etag).matches()) {
                digest = MessageDigest.getInstance("SHA-1");
                digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            } else {
                return true;
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
            return HexFormat.of().formatHex(digest.digest()).equals(etag);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ModelDownloadException(file + ": cannot be deleted: " + e, e);
        }
    }

    /** Deletes what is of no use to anyone. */
    static void deleteIfPossible(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} is left behind", file, e);
        }
    }

    static void move(Path source, Path target) {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new ModelDownloadException(directory + ": is a file; a directory is needed there", e);
        } catch (IOException e) {
            throw new ModelDownloadException(directory + ": cannot be made: " + e + "; HF_HOME names another place", e);
        }
    }

    /** Writes what only saves work the next time: a cache that is complete may be read-only. */
    private static void writeIfPossible(Path file, String text) {
        try {
            writeAtomically(file, text);
        } catch (ModelDownloadException e) {
            LOG.debug("nothing is remembered of this", e);
        }
    }

    private static void writeAtomically(Path file, String text) {
        createDirectories(file.getParent());
        Path fresh = temporary(file);
        try {
            Files.writeString(fresh, text);
            move(fresh, file);
        } catch (IOException e) {
            throw unwritable(file, e);
        } finally {
            deleteIfPossible(fresh);
        }
    }
}
