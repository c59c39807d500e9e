package org.distilqa.content;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.distilqa.internal.Closing;

/**
 * A file, or a part of one, that is read when it is asked for. It is not mapped into memory: pages that have been read would
 * count as the process's own as long as the mapping lasts, and a file that another process cuts short would end this one. It
 * is not read through a channel: the interrupt of one thread that reads would close it for all others.
 */
public final class DiskContent implements FileContent {
    /** A file has one position, so that threads which read at the same time need several. */
    private static final int HANDLES = 4;

    private final RandomAccessFile[] handles;
    private final long begin;
    private final long size;

    private DiskContent(RandomAccessFile[] handles, long begin, long size) {
        this.handles = handles;
        this.begin = begin;
        this.size = size;
    }

    /**
     * Whether a file can be read this way.
     *
     * @param file the file
     * @return whether it is one of the operating system's
     */
    public static boolean isPossible(Path file) {
        return file.getFileSystem() == FileSystems.getDefault();
    }

    /**
     * A whole file.
     *
     * @param file the file
     * @return its bytes
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be read
     */
    public static DiskContent of(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        RandomAccessFile[] handles = open(file);
        try {
            return new DiskContent(handles, 0, handles[0].length());
        } catch (IOException e) {
            closeAll(handles);
            throw e;
        }
    }

    /**
     * A file within a jar, at its place there.
     *
     * @param jar the jar
     * @param name the file's name in it
     * @return its bytes; empty if the jar has compressed it
     * @throws IOException if the jar cannot be read
     */
    public static Optional<FileContent> within(Path jar, String name) throws IOException {
        DiskContent whole = of(jar);
        Optional<FileContent> content = Optional.empty();
        try {
            content = StoredEntry.find(whole, name)
                    .map(entry -> new DiskContent(whole.handles, entry.position(), entry.size()));
            return content;
        } finally {
            if (content.isEmpty()) {
                whole.close();
            }
        }
    }

    private static RandomAccessFile[] open(Path file) throws IOException {
        RandomAccessFile[] handles = new RandomAccessFile[HANDLES];
        try {
            for (int i = 0; i < HANDLES; i++) {
                handles[i] = new RandomAccessFile(file.toFile(), "r");
            }
            return handles;
        } catch (IOException e) {
            closeAll(handles);
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position >= size) {
            return -1;
        }
        int length = (int) Math.min(target.remaining(), size - position);
        RandomAccessFile handle = handles[(int) (Thread.currentThread().getId() % HANDLES)];
        int count;
        synchronized (handle) {
            handle.seek(begin + position);
            count = handle.read(target.array(), target.arrayOffset() + target.position(), length);
        }
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    @Override
    public void close() throws IOException {
        closeAll(handles);
    }

    private static void closeAll(RandomAccessFile[] handles) throws IOException {
        Closing.all(Arrays.stream(handles).filter(Objects::nonNull).toList());
    }
}
