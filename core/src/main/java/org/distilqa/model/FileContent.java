package org.distilqa.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file, to be read here and there by many threads. Closed, or when it has been garbage-collected, it lets its file go. */
interface FileContent extends Closeable {

    /** How many bytes there are. */
    long size() throws IOException;

    /**
     * Copies bytes.
     *
     * @param target where to put them; they are as many as it has room for, or as there are
     * @param position the first of them, from 0
     * @return how many, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** The content of a file, read when it is asked for. */
    static FileContent of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new FileContent() {
            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return channel.read(target, position);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** All that a stream gives, in memory. */
    static FileContent of(InputStream in) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).asReadOnlyBuffer();
        return new FileContent() {
            @Override
            public long size() {
                return bytes.capacity();
            }

            @Override
            public int read(ByteBuffer target, long position) {
                if (position >= bytes.capacity()) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), bytes.capacity() - position);
                target.put(bytes.slice((int) position, count));
                return count;
            }

            @Override
            public void close() {
                // Memory needs no closing.
            }
        };
    }
}
