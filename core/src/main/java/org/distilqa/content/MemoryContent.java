package org.distilqa.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** What a stream has given, in memory. */
public final class MemoryContent implements FileContent {
    private final byte[] bytes;

    private MemoryContent(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * All that a stream gives.
     *
     * @param in the stream
     * @param length how many bytes that should be, so that they need not be gathered first; negative where nobody knows
     * @return the bytes
     * @throws IOException if the stream cannot be read, or gives fewer or more
     */
    public static MemoryContent of(InputStream in, int length) throws IOException {
        if (length < 0) {
            return new MemoryContent(in.readAllBytes());
        }
        byte[] bytes = new byte[length];
        int count = in.readNBytes(bytes, 0, length);
        if (count < length || in.read() >= 0) {
            throw new IOException(
                    "it should have " + length + " bytes, but has " + (count < length ? "only " + count : "more"));
        }
        return new MemoryContent(bytes);
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        if (position >= bytes.length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public void close() {
        // There is no file.
    }
}
