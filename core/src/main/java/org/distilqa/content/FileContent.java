package org.distilqa.content;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a file, to be read here and there by many threads. Closed, it lets its file go; closing again does nothing. */
public sealed interface FileContent extends Closeable permits DiskContent, MemoryContent {

    /**
     * How many bytes there are.
     *
     * @return their number
     */
    long size();

    /**
     * Copies bytes.
     *
     * @param target where to put them, a buffer with an array; they are as many as it has room for, or fewer
     * @param position the first of them, from 0
     * @return how many, at least 1; -1 at the end
     * @throws IOException if they cannot be read
     */
    int read(ByteBuffer target, long position) throws IOException;
}
