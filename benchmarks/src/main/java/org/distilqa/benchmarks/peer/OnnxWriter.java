package org.distilqa.benchmarks.peer;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a network in ONNX's format (opset 17, with the ops of {@code com.microsoft} beside it) by the protocol buffers' encoding
 * alone: fields as in onnx.proto3 of ONNX 1.12, IR version 8. Tensors of weights stay arrays until they are written.
 */
final class OnnxWriter {
    /** Types of elements, as {@code TensorProto.DataType} numbers them. */
    enum Type {
        FLOAT(1, Float.BYTES),
        INT8(3, Byte.BYTES),
        INT32(6, Integer.BYTES),
        INT64(7, Long.BYTES);

        private final int number;
        private final int bytes;

        Type(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        int number() {
            return number;
        }
    }

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final String MICROSOFT = "com.microsoft";
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int CHUNK = 1 << 16;

    private final Message nodes = new Message();
    private final List<Tensor> tensors = new ArrayList<>();
    private final Message ends = new Message();
    private int names;

    /** A constant: its description as a message without the values, and the values of its array. */
    private record Tensor(byte[] description, Type type, int elements, Values values) {
        int valueBytes() {
            return Math.multiplyExact(elements, type.bytes);
        }

        /** What stands before the values: a field of the graph, in it the description, in it the field of the values. */
        byte[] beginning() {
            byte[] field = new Message().length(9, valueBytes()).toByteArray();
            Message beginning = new Message().length(5, (long) description.length + field.length + valueBytes());
            beginning.bytes.writeBytes(description);
            beginning.bytes.writeBytes(field);
            return beginning.toByteArray();
        }

        void writeValues(OutputStream out) throws IOException {
            byte[] chunk = new byte[CHUNK * type.bytes];
            for (int from = 0; from < elements; from += CHUNK) {
                int to = Math.min(elements, from + CHUNK);
                values.put(ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN), from, to);
                out.write(chunk, 0, (to - from) * type.bytes);
            }
        }
    }

    /** Puts elements from {@code from} to before {@code to} into a buffer. */
    @FunctionalInterface
    private interface Values {
        void put(ByteBuffer target, int from, int to);
    }

    /** A message of protocol buffers that is being put together. */
    static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message integer(int field, long value) {
            varint((long) field << 3 | VARINT);
            return varint(value);
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.toByteArray());
        }

        Message bytes(int field, byte... value) {
            length(field, value.length);
            bytes.writeBytes(value);
            return this;
        }

        /** The beginning of a field whose bytes follow. */
        Message length(int field, long length) {
            varint((long) field << 3 | BYTES);
            return varint(length);
        }

        Message real(int field, float value) {
            varint((long) field << 3 | FIXED32);
            bytes.writeBytes(ByteBuffer.allocate(Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        private Message varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
            return this;
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }

    /** A constant of float32; its name. */
    String floats(float[] values, long... dimensions) {
        return constant(
                Type.FLOAT,
                values.length,
                (target, from, to) -> target.asFloatBuffer().put(values, from, to - from),
                dimensions);
    }

    /** A constant of bytes with sign; its name. */
    String bytes(byte[] values, long... dimensions) {
        return constant(
                Type.INT8, values.length, (target, from, to) -> target.put(values, from, to - from), dimensions);
    }

    /** A vector of whole numbers; its name. */
    String integers(long... values) {
        return constant(
                Type.INT64,
                values.length,
                (target, from, to) -> target.asLongBuffer().put(values, from, to - from),
                values.length);
    }

    private String constant(Type type, int elements, Values values, long... dimensions) {
        String name = "c" + names++;
        Message description = new Message();
        for (long dimension : dimensions) {
            description.integer(1, dimension);
        }
        description.integer(2, type.number).text(8, name);
        tensors.add(new Tensor(description.toByteArray(), type, elements, values));
        return name;
    }

    /** An op of one result; the result's name. */
    String op(String type, Map<String, Object> attributes, String... inputs) {
        return ops(type, "", 1, attributes, inputs).get(0);
    }

    /** An op of ONNX Runtime's own, of one result; the result's name. */
    String microsoft(String type, Map<String, Object> attributes, String... inputs) {
        return ops(type, MICROSOFT, 1, attributes, inputs).get(0);
    }

    /** An op of several results; the results' names. */
    List<String> ops(String type, int results, Map<String, Object> attributes, String... inputs) {
        return ops(type, "", results, attributes, inputs);
    }

    private List<String> ops(
            String type, String domain, int results, Map<String, Object> attributes, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            String name = "t" + this.names++;
            node.text(2, name);
            names.add(name);
        }
        node.text(3, type + "_" + names.get(0)).text(4, type);
        attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        nodes.message(1, node);
        return names;
    }

    private static Message attribute(String name, Object value) {
        Message attribute = new Message().text(1, name);
        if (value instanceof Float real) {
            return attribute.real(2, real).integer(20, 1);
        }
        if (value instanceof Integer integer) {
            return attribute.integer(3, integer).integer(20, 2);
        }
        for (int element : (int[]) value) {
            attribute.integer(8, element);
        }
        return attribute.integer(20, 7);
    }

    /** A result's other name. */
    void rename(String from, String to) {
        nodes.message(
                1, new Message().text(1, from).text(2, to).text(3, "name_" + to).text(4, "Identity"));
    }

    /** An input of the network, {@code [batch, sequence]}. */
    void input(String name, Type type) {
        ends.message(11, end(name, type));
    }

    /** A result of the network, {@code [batch, sequence]}. */
    void output(String name, Type type) {
        ends.message(12, end(name, type));
    }

    private static Message end(String name, Type type) {
        Message shape = new Message();
        for (String dimension : List.of("batch", "sequence")) {
            shape.message(1, new Message().text(2, dimension));
        }
        Message tensor = new Message().integer(1, type.number).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** Writes the network. */
    void write(Path file) throws IOException {
        byte[] nodeBytes = nodes.text(2, "question answering").toByteArray();
        byte[] endBytes = ends.toByteArray();
        List<byte[]> beginnings = new ArrayList<>();
        long length = (long) nodeBytes.length + endBytes.length;
        for (Tensor tensor : tensors) {
            byte[] beginning = tensor.beginning();
            beginnings.add(beginning);
            length += beginning.length + tensor.valueBytes();
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), CHUNK)) {
            out.write(new Message()
                    .integer(1, IR_VERSION)
                    .text(2, "distilqa-benchmarks")
                    .message(8, opset("", OPSET))
                    .message(8, opset(MICROSOFT, 1))
                    .length(7, length)
                    .toByteArray());
            out.write(nodeBytes);
            for (int i = 0; i < beginnings.size(); i++) {
                out.write(beginnings.get(i));
                tensors.get(i).writeValues(out);
            }
            out.write(endBytes);
        }
    }

    private static Message opset(String domain, int version) {
        return new Message().text(1, domain).integer(2, version);
    }
}
