package org.distilqa.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/**
 * A file in the safetensors format (github.com/huggingface/safetensors, section "Format"): the length of the header as a
 * 64-bit little-endian number, the header in JSON, and the elements of all tensors one after another. Elements are read
 * when they are asked for. The file stays open until this object has been garbage-collected.
 *
 * <p>Nothing in the file is trusted. The header's length is checked against the file and the format's limit, each tensor's
 * offsets against its type and shape, and all of them against each other: they fill the rest of the file without a hole or
 * an overlap, as the format asks. Only then is a byte of a tensor read. Safe for use by many threads.
 */
final class SafetensorsFile implements Parameters {
    /** The format's own limit. */
    private static final int MAX_HEADER_BYTES = 100_000_000;

    private static final int LENGTH_BYTES = Long.BYTES;

    private static final int CHUNK_BYTES = 1 << 16;

    private final String location;
    private final FileContent content;
    private final Map<String, Tensor> tensors;

    /** A tensor's place: bytes {@code begin} to {@code end} after the header. */
    private record Entry(String name, Dtype dtype, Shape shape, long begin, long end) {}

    /** A tensor's elements, from a byte of the file on. */
    private record Tensor(Dtype dtype, Shape shape, long position, int elements) {}

    private SafetensorsFile(String location, FileContent content, Map<String, Tensor> tensors) {
        this.location = location;
        this.content = content;
        this.tensors = tensors;
    }

    /**
     * Opens a model's file and reads its header.
     *
     * @param files the model's files
     * @param name the file's name
     * @return the open file
     * @throws InvalidModelException if the file cannot be read or is not what the format asks for
     */
    static SafetensorsFile open(ModelFiles files, String name) {
        try {
            return open(files.location(name), files.content(name));
        } catch (IOException e) {
            throw files.unreadable(name, e);
        }
    }

    private static SafetensorsFile open(String location, FileContent content) throws IOException {
        try {
            long fileBytes = content.size();
            ByteBuffer header = readHeader(location, content, fileBytes);
            long dataStart = LENGTH_BYTES + (long) header.remaining();
            List<Entry> entries = parse(location, header);
            checkLayout(location, entries, fileBytes - dataStart);
            return new SafetensorsFile(location, content, tensors(location, entries, dataStart));
        } catch (IOException | RuntimeException e) {
            try {
                content.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
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

    private static List<Entry> parse(String location, ByteBuffer header) throws IOException {
        JsonNode root;
        try {
            root = JsonTree.readWithoutDuplicates(header.array());
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(location + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw invalid(location, "the header is not a JSON object");
        }
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : JsonTree.fields(root)) {
            if (!field.getKey().equals("__metadata__")) {
                entries.add(entry(location, field.getKey(), field.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private static Entry entry(String location, String name, JsonNode value) {
        Dtype dtype = dtype(location, name, value.path("dtype"));
        Shape shape = shape(location, name, value.path("shape"));
        JsonNode offsets = value.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2 || !isNatural(offsets.get(0)) || !isNatural(offsets.get(1))) {
            throw invalid(location, "tensor " + name + " has no valid data_offsets");
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        long bytes;
        try {
            bytes = Math.multiplyExact(shape.elements(), dtype.bytes());
        } catch (ArithmeticException e) {
            throw invalid(location, "tensor " + name + " claims shape " + shape + ", more than any file holds");
        }
        if (end - begin != bytes) {
            throw invalid(
                    location,
                    "tensor " + name + " has " + (end - begin) + " bytes, but " + dtype + " " + shape + " takes "
                            + bytes);
        }
        return new Entry(name, dtype, shape, begin, end);
    }

    private static Dtype dtype(String location, String name, JsonNode value) {
        try {
            return Dtype.valueOf(value.textValue() == null ? "" : value.textValue());
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(location + ": tensor " + name + " has the unknown dtype " + value, e);
        }
    }

    private static Shape shape(String location, String name, JsonNode value) {
        if (!value.isArray()) {
            throw invalid(location, "tensor " + name + " has no shape");
        }
        List<Long> dimensions = new ArrayList<>();
        for (JsonNode dimension : value) {
            if (!isNatural(dimension)) {
                throw invalid(location, "tensor " + name + " has the dimension " + dimension);
            }
            dimensions.add(dimension.longValue());
        }
        try {
            return new Shape(dimensions);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(location + ": tensor " + name + ": " + e.getMessage(), e);
        }
    }

    private static boolean isNatural(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
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
            long bytes = entry.end() - entry.begin();
            if (bytes > Integer.MAX_VALUE) {
                throw invalid(
                        location, "tensor " + entry.name() + " has " + bytes + " bytes; at most 2^31 - 1 can be read");
            }
            int elements = (int) (bytes / entry.dtype().bytes());
            tensors.put(entry.name(), new Tensor(entry.dtype(), entry.shape(), dataStart + entry.begin(), elements));
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
        Tensor tensor = weight(name);
        Objects.checkFromIndexSize(offset, length, (long) tensor.elements());
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        int width = tensor.dtype().bytes();
        int chunk = Math.min(length, CHUNK_BYTES / width);
        ByteBuffer buffer = ByteBuffer.allocate(chunk * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < length; done += chunk) {
            int count = Math.min(chunk, length - done);
            fill(buffer.clear().limit(count * width), tensor.position() + (offset + done) * width);
            convert(tensor.dtype(), buffer, target, targetOffset + done, count);
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
            throw new InvalidModelException(location + ": cannot be read: " + e, e);
        }
        buffer.flip();
    }

    private static void convert(Dtype dtype, ByteBuffer buffer, float[] target, int targetOffset, int length) {
        switch (dtype) {
            case F32 -> buffer.asFloatBuffer().get(target, targetOffset, length);
            case F16 -> {
                ShortBuffer values = buffer.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    target[targetOffset + i] = float16(values.get(i));
                }
            }
            default -> {
                // bfloat16 is the upper half of a float32.
                ShortBuffer values = buffer.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    target[targetOffset + i] = Float.intBitsToFloat(values.get(i) << 16);
                }
            }
        }
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

    /**
     * Checks that a tensor can serve as a weight: that it is there and that its type converts to float32.
     *
     * @throws InvalidModelException if not
     */
    void requireWeight(String name) {
        weight(name);
    }

    private Tensor weight(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw invalid(location, "has no tensor " + name);
        }
        if (!tensor.dtype().isWeight()) {
            throw invalid(
                    location, "tensor " + name + " has dtype " + tensor.dtype() + "; F32, F16 and BF16 can be used");
        }
        return tensor;
    }

    /** The value of an IEEE 754 binary16 number. */
    static float float16(short bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // Zero or subnormal: fraction * 2^-24, exact in float32.
            float value = fraction * 0x1p-24f;
            return bits < 0 ? -value : value;
        }
        int sign = (bits & 0x8000) << 16;
        int wideExponent = exponent == 0x1f ? 0xff : exponent + (127 - 15);
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }

    private static InvalidModelException invalid(String location, String reason) {
        return new InvalidModelException(location + ": " + reason);
    }
}
