package org.distilqa.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.content.FileContent;
import org.distilqa.graph.Shape;
import org.distilqa.internal.Closing;
import org.distilqa.safetensors.SafetensorsHeader.Entry;

/**
 * A file in the safetensors format (github.com/huggingface/safetensors, section "Format"): the length of the header as a
 * 64-bit little-endian number, the header in JSON, and the elements of all tensors one after another. Elements are read
 * when they are asked for. The file stays open until this is closed.
 *
 * <p>Nothing in the file is trusted. The header's length is checked against the file and the format's limit, each tensor's
 * offsets against its type and shape, and all of them against each other: they fill the rest of the file without a hole or
 * an overlap, as the format asks. Only then is a byte of a tensor read, and only of one that a network uses: the others may
 * have any type, values or size. Safe for use by many threads.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><th>of<th>at most
 * <tr><td>the header<td>100,000,000 bytes, the format's own limit, and no more than the file has
 * <tr><td>tensors<td>100,000
 * <tr><td>dimensions of a tensor<td>32, whose product is less than 2^60
 * <tr><td>elements of a tensor that is used<td>2^29, which takes 2 GB as float32
 * </table>
 */
public final class SafetensorsFile implements CheckpointTensors {
    /** The format's own limit. */
    private static final int MAX_HEADER_BYTES = 100_000_000;

    /** 2 GB as float32; DistilBERT's largest tensor has 23 million. */
    private static final long MAX_ELEMENTS = 1 << 29;

    private static final int LENGTH_BYTES = Long.BYTES;

    private static final int CHUNK_BYTES = 1 << 16;

    private final String location;
    private final FileContent content;
    private final Map<String, Tensor> tensors;
    private volatile boolean closed;

    /** A tensor's elements, from a byte of the file on. Its type may be one that this program does not know. */
    private record Tensor(String dtype, Shape shape, long position) {}

    private SafetensorsFile(String location, FileContent content, Map<String, Tensor> tensors) {
        this.location = location;
        this.content = content;
        this.tensors = tensors;
    }

    /**
     * Reads the header of a file.
     *
     * @param location where the file is, for messages
     * @param content its bytes, which are closed with what is returned, or at once if something is thrown
     * @return the open file
     * @throws InvalidModelException if it is not what the format asks for
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(String location, FileContent content) throws IOException {
        try {
            long fileBytes = content.size();
            ByteBuffer header = readHeader(location, content, fileBytes);
            long dataStart = LENGTH_BYTES + (long) header.remaining();
            List<Entry> entries = SafetensorsHeader.read(location, header.array());
            checkLayout(location, entries, fileBytes - dataStart);
            return new SafetensorsFile(location, content, tensors(location, entries, dataStart));
        } catch (IOException | RuntimeException e) {
            Closing.after(e, content);
            throw e;
        }
    }

    private static ByteBuffer readHeader(String location, FileContent content, long fileBytes) throws IOException {
        if (fileBytes < LENGTH_BYTES) {
            throw invalid(location, "has only " + fileBytes + " bytes; it was cut short or is not a safetensors file");
        }
        long headerBytes = readFully(location, content, 0, LENGTH_BYTES).getLong();
        if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
            throw invalid(
                    location,
                    "claims a header of " + Long.toUnsignedString(headerBytes) + " bytes; the format allows "
                            + MAX_HEADER_BYTES + ", so this is not a safetensors file");
        }
        if (headerBytes > fileBytes - LENGTH_BYTES) {
            throw invalid(
                    location,
                    "claims a header of " + headerBytes + " bytes, but has only " + fileBytes
                            + " bytes; it was cut short");
        }
        return readFully(location, content, LENGTH_BYTES, (int) headerBytes);
    }

    private static ByteBuffer readFully(String location, FileContent content, long position, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (content.read(buffer, position + buffer.position()) < 0) {
                throw invalid(location, "became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    /** Entries are in the order of their offsets: each must begin where the one before ended, the last end at the end. */
    private static void checkLayout(String location, List<Entry> entries, long dataBytes) {
        long position = 0;
        String before = "the header";
        for (Entry entry : entries) {
            if (entry.begin() != position) {
                throw invalid(
                        location,
                        "tensor " + entry.name() + " begins at byte " + entry.begin() + " of the data, but " + before
                                + " ends at " + position + (entry.begin() < position ? ": they overlap" : ": a hole"));
            }
            if (entry.end() > dataBytes) {
                throw invalid(
                        location,
                        "tensor " + entry.name() + " ends at byte " + entry.end() + " of the data, but there are only "
                                + dataBytes + "; the file was cut short");
            }
            position = entry.end();
            before = "tensor " + entry.name();
        }
        if (position != dataBytes) {
            throw invalid(location, "has " + (dataBytes - position) + " bytes after " + before);
        }
    }

    private static Map<String, Tensor> tensors(String location, List<Entry> entries, long dataStart) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            tensors.put(entry.name(), new Tensor(entry.dtype(), entry.shape(), dataStart + entry.begin()));
        }
        return tensors;
    }

    @Override
    public String source() {
        return location;
    }

    @Override
    public Optional<Shape> shape(String name) {
        return Optional.ofNullable(tensors.get(name)).map(Tensor::shape);
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        if (closed) {
            throw new ClosedException(location + ": the checkpoint was closed");
        }
        Tensor tensor = tensor(name);
        Dtype dtype = dtype(name, tensor);
        Objects.checkFromIndexSize(offset, length, tensor.shape().elements());
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        int width = dtype.bytes();
        int chunk = Math.min(length, CHUNK_BYTES / width);
        ByteBuffer buffer = ByteBuffer.allocate(chunk * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < length; done += chunk) {
            int count = Math.min(chunk, length - done);
            fill(buffer.clear().limit(count * width), tensor.position() + (offset + done) * width);
            dtype.toFloats(buffer, target, targetOffset + done, count);
            requireFinite(name, offset + done, target, targetOffset + done, count);
        }
    }

    private void fill(ByteBuffer buffer, long position) {
        try {
            while (buffer.hasRemaining()) {
                if (content.read(buffer, position + buffer.position()) < 0) {
                    throw invalid(location, "became shorter while it was read");
                }
            }
        } catch (IOException e) {
            throw closed
                    ? new ClosedException(location + ": the checkpoint was closed", e)
                    : new InvalidModelException(location + ": cannot be read: " + e, e);
        }
        buffer.flip();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        content.close();
    }

    /** Looks at what has just been read, so that nothing has to be read twice. */
    private void requireFinite(String name, long offset, float[] values, int from, int length) {
        if (largestMagnitude(values, from, length) >= INFINITY_BITS) {
            int index = 0;
            while (Float.isFinite(values[from + index])) {
                index++;
            }
            throw invalid(
                    location,
                    "tensor " + name + " has the value " + values[from + index] + " at index " + (offset + index)
                            + "; weights must be finite numbers");
        }
    }

    private static final int INFINITY_BITS = 0x7f800000;

    /** The bits of the largest magnitude: those of infinity and NaN are larger than any number's. */
    private static int largestMagnitude(float[] values, int from, int length) {
        int largest = 0;
        for (int i = from; i < from + length; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & Integer.MAX_VALUE);
        }
        return largest;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public void requireWeight(String name) {
        Tensor tensor = tensor(name);
        dtype(name, tensor);
        long elements = tensor.shape().elements();
        if (elements > MAX_ELEMENTS) {
            throw invalid(
                    location,
                    "tensor " + name + " has " + elements + " elements; at most " + MAX_ELEMENTS + " can be read");
        }
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw invalid(location, "has no tensor " + name);
        }
        return tensor;
    }

    private Dtype dtype(String name, Tensor tensor) {
        return Dtype.named(tensor.dtype())
                .filter(Dtype::isWeight)
                .orElseThrow(() -> invalid(
                        location,
                        "tensor " + name + " has dtype " + tensor.dtype()
                                + "; F32, F64, F16, BF16, F8_E4M3, F8_E5M2 and F8_E8M0 can be used"));
    }

    private static InvalidModelException invalid(String location, String reason) {
        return new InvalidModelException(location + ": " + reason);
    }
}
