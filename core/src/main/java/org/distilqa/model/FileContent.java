package org.distilqa.model;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a file, to be read here and there by many threads. Closed, or when it has been garbage-collected, it lets its
 * file go.
 */
sealed interface FileContent extends Closeable permits ChannelContent, MemoryContent {

    /** How many bytes there are. */
    long size();

    /**
     * Copies bytes.
     *
     * @param target where to put them; they are as many as it has room for, or fewer
     * @param position the first of them, from 0
     * @return how many, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;
}
