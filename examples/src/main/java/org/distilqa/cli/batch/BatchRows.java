package org.distilqa.cli.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.distilqa.AnswerOptions;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.TextFile;

/** The rows of a file of JSON lines, one after another, in the memory of one. Blank lines are no rows, but count as lines. */
public final class BatchRows implements Iterator<BatchRow>, Closeable {
    /** More than the longest context takes that is answered. */
    private static final int LONGEST_ROW = 64 << 20;

    private static final int BUFFER = 1 << 16;

    private final String name;
    private final InputStream in;
    private final AnswerOptions options;

    /** How long the file is; 0 if it is not known. */
    private final long size;

    private long bytes;
    private long lines;
    private BatchRow next;

    private BatchRows(String name, InputStream in, long size, AnswerOptions options) {
        this.name = name;
        this.in = new BufferedInputStream(in, BUFFER);
        this.size = size;
        this.options = options;
    }

    /**
     * Opens a file.
     *
     * @param file the file; {@code -} stands for standard input
     * @param options how its rows are to be answered
     * @return its rows; the caller closes them
     * @throws FileException if it cannot be read
     */
    public static BatchRows open(Path file, AnswerOptions options) {
        try {
            return file.toString().equals("-")
                    ? new BatchRows("standard input", System.in, 0, options)
                    : new BatchRows(file.toString(), TextFile.open(file), Files.size(file), options);
        } catch (IOException e) {
            throw TextFile.unreadable(file.toString(), e);
        }
    }

    String name() {
        return name;
    }

    /** How many lines were read. */
    long lines() {
        return lines;
    }

    /** How much of the file was read, from 0 to 1; negative if its size is not known. */
    double share() {
        return size == 0 ? -1 : Math.min(1, bytes / (double) size);
    }

    @Override
    public boolean hasNext() {
        try {
            for (byte[] line = new byte[0]; next == null && line != null; ) {
                line = readLine();
                if (line != null) {
                    next = row(line);
                }
            }
        } catch (IOException e) {
            throw TextFile.unreadable(name, e);
        }
        return next != null;
    }

    @Override
    public BatchRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException(name + " has no further row");
        }
        BatchRow row = next;
        next = null;
        return row;
    }

    /** The bytes of a line; of one that is too long, the first and one more than there may be. Null at the end. */
    private byte[] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int value = in.read();
        if (value < 0) {
            return null;
        }
        while (value >= 0 && value != '\n') {
            bytes++;
            if (line.size() <= LONGEST_ROW) {
                line.write(value);
            }
            value = in.read();
        }
        bytes++;
        lines++;
        return line.toByteArray();
    }

    /** Null for a blank line. */
    private BatchRow row(byte[] line) {
        if (line.length > LONGEST_ROW) {
            return BatchRow.broken(lines, "row " + lines + ": is longer than " + LONGEST_ROW + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            if (lines == 1 && line.length > 1 && (line[0] & 0xff) >= 0xfe) {
                throw new FileException(name + ": is in UTF-16; lines of JSON are in UTF-8", e);
            }
            return BatchRow.broken(lines, "row " + lines + ": is not in UTF-8");
        }
        boolean marked = lines == 1 && text.startsWith("\ufeff");
        String json = marked ? text.substring(1) : text;
        return json.isBlank() ? null : BatchRow.of(lines, json, options);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw TextFile.unreadable(name, e);
        }
    }
}
