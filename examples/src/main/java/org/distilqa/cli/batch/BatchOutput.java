package org.distilqa.cli.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;

/**
 * What {@link BatchCommand} writes: a line for each row, in their order. Each is written at once, so that whatever ends the process leaves
 * whole lines and at most a part of one; {@link #open} goes on behind the whole ones.
 */
final class BatchOutput implements Closeable {
    private static final int STEP = 1 << 16;

    private final String name;

    /** The file; null for standard output. */
    private final FileChannel file;

    private final PrintWriter out;

    /** The last line that was there already; null if there was none. */
    private JsonNode lastLine;

    private long last;
    private long rows;
    private long failed;
    private long found;

    private BatchOutput(String name, FileChannel file, PrintWriter out) {
        this.name = name;
        this.file = file;
        this.out = out;
    }

    static BatchOutput to(PrintWriter out) {
        return new BatchOutput("standard output", null, out);
    }

    /** Opens a file that may have rows already, for this process alone. */
    static BatchOutput open(Path path, boolean restart) {
        try {
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(path, file);
                BatchOutput output = new BatchOutput(path.toString(), file, null);
                if (restart) {
                    file.truncate(0);
                } else {
                    output.findEnd();
                }
                return output;
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FileException(path + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static void lock(Path path, FileChannel file) throws IOException {
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new FileException(path + ": another process is writing to it");
        }
    }

    /** Cuts off the part of a line that an interruption has left, and reads the one before it. */
    private void findEnd() throws IOException {
        long end = lineStart(file.size());
        String rest = read(end, Math.min(file.size(), end + STEP));
        if (end == 0 && !rest.startsWith("{\"row\":") && !"{\"row\":".startsWith(rest)) {
            throw foreign();
        }
        if (end > 0) {
            String line = read(lineStart(end - 1), end);
            try {
                lastLine = Json.parse(name, line);
            } catch (FileException e) {
                throw foreign();
            }
            if (!lastLine.path("row").isIntegralNumber()) {
                throw foreign();
            }
            last = lastLine.path("row").longValue();
        }
        file.truncate(end);
        file.position(end);
    }

    private FileException foreign() {
        return new FileException(name
                + ": is there already, and its last line is no answer of batch; name another file, or add --restart");
    }

    /** Where the line begins that ends before a place: behind the last line break before it. */
    private long lineStart(long before) throws IOException {
        for (long end = before; end > 0; end -= Math.min(STEP, end)) {
            long start = Math.max(0, end - STEP);
            byte[] bytes = readBytes(start, end);
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    return start + i + 1;
                }
            }
        }
        return 0;
    }

    private String read(long from, long to) throws IOException {
        return new String(readBytes(from, to), StandardCharsets.UTF_8);
    }

    private byte[] readBytes(long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
            // Until all are there.
        }
        return bytes.array();
    }

    /** Passes over the rows that have their line, and compares the last of them with it. */
    void skipAnswered(BatchRows input) {
        BatchRow row = null;
        while ((row == null || row.number() < last) && last > 0 && input.hasNext()) {
            row = input.next();
            found++;
        }
        if (last > 0 && (row == null || !isOf(row))) {
            throw new FileException(name + ": has the answers of other rows than " + input.name()
                    + ": its last one, of row " + last + ", asks something else; name another file, or add --restart");
        }
    }

    private boolean isOf(BatchRow row) {
        return row.number() == last
                && (row.id() == null ? !lastLine.has("id") : row.id().equals(lastLine.get("id")))
                && (row.question() == null
                        ? !lastLine.has("question")
                        : row.question().equals(lastLine.get("question")));
    }

    void write(long row, ObjectNode line, boolean isFailed) {
        if (file == null) {
            out.print(line + "\n");
            if (out.checkError()) {
                throw new FileException(name + ": cannot be written");
            }
        } else {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            try {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            } catch (IOException e) {
                throw new FileException(name + ": cannot be written: " + e.getMessage(), e);
            }
        }
        last = row;
        rows++;
        failed += isFailed ? 1 : 0;
    }

    /** The number of the last row that has its line. */
    long last() {
        return last;
    }

    /** How many rows had their line when it was opened. */
    long found() {
        return found;
    }

    /** How many rows were written since. */
    long written() {
        return rows;
    }

    String summary() {
        return rows
                + (rows == 1 ? " row" : " rows")
                + (failed > 0 ? ", " + failed + " of them with an \"error\"" : "")
                + (found > 0 ? "; " + found + " were there already" : "");
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new FileException(name + ": cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
