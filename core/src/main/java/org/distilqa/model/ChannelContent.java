package org.distilqa.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file, or a part of one, that is read when it is asked for. It is not mapped into memory: pages that have been read would
 * count as the process's own as long as the mapping lasts, and a file that another process cuts short would end this one.
 */
final class ChannelContent implements FileContent {
    private final FileChannel channel;
    private final long begin;
    private final long size;

    private ChannelContent(FileChannel channel, long begin, long size) {
        this.channel = channel;
        this.begin = begin;
        this.size = size;
    }

    /** A whole file. */
    static ChannelContent of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new ChannelContent(channel, 0, channel.size());
    }

    /** A file within a jar, at its place there; empty if the jar has compressed it. */
    static Optional<FileContent> within(Path jar, String name) throws IOException {
        FileChannel channel = FileChannel.open(jar, StandardOpenOption.READ);
        Optional<FileContent> content = Optional.empty();
        try {
            content = StoredEntry.find(channel, name)
                    .map(entry -> new ChannelContent(channel, entry.position(), entry.size()));
            return content;
        } finally {
            if (content.isEmpty()) {
                channel.close();
            }
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
        int room = target.limit();
        target.limit((int) Math.min(room, target.position() + size - position));
        try {
            return channel.read(target, begin + position);
        } finally {
            target.limit(room);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
