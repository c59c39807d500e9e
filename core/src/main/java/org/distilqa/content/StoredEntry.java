package org.distilqa.content;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The place of a file within a jar that holds it without compression, so that it can be read there. {@link java.util.zip.ZipFile}
 * does not tell places. The names of the fields are those of PKWARE's APPNOTE.TXT (6.3.10), sections 4.3.7, 4.3.12 and 4.3.16.
 *
 * @param position the jar's byte that is the file's first
 * @param size how many bytes the file has
 */
record StoredEntry(long position, long size) {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xffff;

    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;

    private static final int STORED = 0;
    private static final int ENCRYPTED = 1;

    /** Says that the number stands in a field of its own, for jars of 4 GB and more. */
    private static final long ELSEWHERE = 0xffff_ffffL;

    /**
     * Finds a file.
     *
     * @param jar the jar
     * @param name the file's name in the jar
     * @return its place; empty if it is compressed, is not there, or the jar is not one that can be looked through here
     */
    static Optional<StoredEntry> find(FileContent jar, String name) throws IOException {
        ByteBuffer tail = read(jar, Math.max(0, jar.size() - END_BYTES - MAX_COMMENT_BYTES), (int)
                Math.min(jar.size(), END_BYTES + MAX_COMMENT_BYTES));
        int end = endOfCentralDirectory(tail);
        if (end < 0) {
            return Optional.empty();
        }
        long directoryBytes = unsigned(tail, end + 12);
        long directoryEnd = jar.size() - tail.limit() + end;
        long directoryStart = directoryEnd - directoryBytes;
        // Offsets count from the first entry, before which a script may stand.
        long base = directoryStart - unsigned(tail, end + 16);
        if (directoryBytes > Integer.MAX_VALUE || base < 0) {
            return Optional.empty();
        }
        ByteBuffer directory = read(jar, directoryStart, (int) directoryBytes);
        int header = centralHeader(directory, name.getBytes(StandardCharsets.UTF_8));
        if (header < 0 || !isStored(directory, header)) {
            return Optional.empty();
        }
        return place(jar, base + unsigned(directory, header + 42), unsigned(directory, header + 24), directoryStart);
    }

    /** Where the record stands that ends a jar, which may have a comment; -1 if it does not. */
    private static int endOfCentralDirectory(ByteBuffer tail) {
        for (int i = tail.limit() - END_BYTES; i >= 0; i--) {
            if (tail.getInt(i) == END_SIGNATURE && i + END_BYTES + length(tail, i + 20) == tail.limit()) {
                return i;
            }
        }
        return -1;
    }

    /** Where the header of this name stands, -1 if it does not. Of several the last, as for {@code ZipFile}. */
    private static int centralHeader(ByteBuffer directory, byte[] name) {
        int found = -1;
        int header = 0;
        while (header <= directory.limit() - CENTRAL_BYTES && directory.getInt(header) == CENTRAL_SIGNATURE) {
            int nameBytes = length(directory, header + 28);
            int nameEnd = header + CENTRAL_BYTES + nameBytes;
            if (nameEnd > directory.limit()) {
                return -1;
            }
            if (nameBytes == name.length
                    && Arrays.equals(directory.array(), header + CENTRAL_BYTES, nameEnd, name, 0, name.length)) {
                found = header;
            }
            header = nameEnd + length(directory, header + 30) + length(directory, header + 32);
        }
        return found;
    }

    private static boolean isStored(ByteBuffer directory, int header) {
        long size = unsigned(directory, header + 24);
        return length(directory, header + 10) == STORED
                && (length(directory, header + 8) & ENCRYPTED) == 0
                && size == unsigned(directory, header + 20)
                && size != ELSEWHERE
                && unsigned(directory, header + 42) != ELSEWHERE;
    }

    /** The file follows on its local header, whose variable fields may differ from those in the directory. */
    private static Optional<StoredEntry> place(FileContent jar, long localHeader, long size, long directoryStart)
            throws IOException {
        if (localHeader + LOCAL_BYTES > directoryStart) {
            return Optional.empty();
        }
        ByteBuffer local = read(jar, localHeader, LOCAL_BYTES);
        long position = localHeader + LOCAL_BYTES + length(local, 26) + length(local, 28);
        return local.getInt(0) == LOCAL_SIGNATURE && position + size <= directoryStart
                ? Optional.of(new StoredEntry(position, size))
                : Optional.empty();
    }

    private static ByteBuffer read(FileContent jar, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (jar.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static int length(ByteBuffer bytes, int index) {
        return Short.toUnsignedInt(bytes.getShort(index));
    }

    private static long unsigned(ByteBuffer bytes, int index) {
        return Integer.toUnsignedLong(bytes.getInt(index));
    }
}
