package org.distilqa.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Shape;
import org.distilqa.json.JsonTree;

/**
 * Reads the header of a safetensors file, field by field: what it keeps of a tensor is small, and it keeps no more than
 * {@value #MAX_TENSORS} tensors, however long the header is.
 */
final class SafetensorsHeader {
    static final int MAX_TENSORS = 100_000;

    /** Networks have up to four; the format has no limit. */
    static final int MAX_DIMENSIONS = 32;

    private static final String METADATA = "__metadata__";

    /** A number with more digits than this is no {@code long}. */
    private static final int MAX_DIGITS = 19;

    private final String location;
    private final JsonParser json;

    /**
     * A tensor's place: bytes {@code begin} to {@code end} after the header. Its type may be one that this program does not know.
     */
    record Entry(String name, String dtype, Shape shape, long begin, long end) {}

    private SafetensorsHeader(String location, JsonParser json) {
        this.location = location;
        this.json = json;
    }

    /**
     * Reads a header.
     *
     * @param location where it is, for messages
     * @param header its text
     * @return the tensors, in the order of their offsets
     * @throws InvalidModelException if it is not what the format asks for
     */
    static List<Entry> read(String location, byte[] header) throws IOException {
        try (JsonParser json = JsonTree.parser(header)) {
            List<Entry> entries = new SafetensorsHeader(location, json).entries();
            entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            return entries;
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(location + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private List<Entry> entries() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("the header is not a JSON object");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals(METADATA)) {
                json.skipChildren();
            } else if (entries.size() == MAX_TENSORS) {
                throw invalid("has more than " + MAX_TENSORS + " tensors");
            } else if (entries.put(name, entry(name)) != null) {
                throw invalid("tensor " + name + " is in the header twice");
            }
        }
        if (json.nextToken() != null) {
            throw invalid("the header goes on after its end");
        }
        return new ArrayList<>(entries.values());
    }

    private Entry entry(String name) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("tensor " + name + " is not a JSON object in the header");
        }
        Optional<String> dtype = Optional.empty();
        Optional<List<Long>> shape = Optional.empty();
        Optional<List<Long>> offsets = Optional.empty();
        Set<String> fields = new HashSet<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> dtype = text();
                case "shape" -> shape = naturals(name, field, MAX_DIMENSIONS);
                case "data_offsets" -> offsets = naturals(name, field, 2);
                default -> {
                    json.skipChildren();
                    continue;
                }
            }
            if (!fields.add(field)) {
                throw invalid("tensor " + name + " has two fields " + field);
            }
        }
        return entry(
                name,
                dtype.filter(text -> !text.isEmpty()).orElseThrow(() -> invalid("tensor " + name + " has no dtype")),
                shape(name, shape.orElseThrow(() -> invalid("tensor " + name + " has no shape"))),
                offsets.filter(pair -> pair.size() == 2)
                        .orElseThrow(() -> invalid("tensor " + name + " has no valid data_offsets")));
    }

    /** A text; empty if the value is none. */
    private Optional<String> text() throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return Optional.empty();
        }
        return Optional.of(json.getText());
    }

    /** A list of whole numbers that are not negative; empty if the value is no list. */
    private Optional<List<Long>> naturals(String name, String field, int most) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return Optional.empty();
        }
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (numbers.size() == most) {
                throw invalid("tensor " + name + " has more than " + most + " numbers in " + field);
            }
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || json.getTextLength() > MAX_DIGITS
                    || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0) {
                throw invalid("tensor " + name + " has in " + field + " what is not a whole number from 0 to 2^63 - 1");
            }
            numbers.add(json.getLongValue());
        }
        return Optional.of(numbers);
    }

    private Shape shape(String name, List<Long> dimensions) {
        try {
            return new Shape(dimensions);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(location + ": tensor " + name + ": " + e.getMessage(), e);
        }
    }

    /** Compares the offsets with the type and the shape, where the type's size is known. */
    private Entry entry(String name, String dtype, Shape shape, List<Long> offsets) {
        long bytes = offsets.get(1) - offsets.get(0);
        if (bytes < 0) {
            throw invalid("tensor " + name + " ends before it begins");
        }
        Optional<Dtype> known = Dtype.named(dtype);
        if (known.isPresent()) {
            long bits;
            try {
                bits = Math.multiplyExact(shape.elements(), known.get().bits());
            } catch (ArithmeticException e) {
                throw new InvalidModelException(
                        location + ": tensor " + name + " claims shape " + shape + ", more than any file holds", e);
            }
            if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != bytes) {
                throw invalid("tensor " + name + " has " + bytes + " bytes, but " + dtype + " " + shape + " takes "
                        + bits + " bits");
            }
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private InvalidModelException invalid(String reason) {
        return new InvalidModelException(location + ": " + reason);
    }
}
