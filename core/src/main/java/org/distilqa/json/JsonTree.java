package org.distilqa.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes trees of JSON with Jackson's parser and generator alone. Its {@code ObjectMapper} does the same, but binds
 * data to classes too: in a new JVM, loading what that takes lasts longer than reading a checkpoint's files does.
 *
 * <p>NaN and infinities are read as Python's writer gives them. The depth of a tree, its values and the digits of a number have
 * bounds, which no version of Jackson need have.
 */
public final class JsonTree {
    /** Names are not made unique in the whole JVM: a vocabulary has tens of thousands, each of them once. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // They would stay with the caller's thread, and Jackson's classes with them when the application is gone.
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .build();

    /** Lists and objects in each other; no file of a checkpoint has more than ten. */
    private static final int MAX_DEPTH = 200;

    /** Converting many digits to a number takes a time that grows with their square. */
    private static final int MAX_DIGITS = 1000;

    /** A list of empty lists takes thirty times the memory that its text has. The largest tokenizers have 2,500,000 values. */
    private static final int MAX_VALUES = 8_000_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /**
     * Reads the first value of a text.
     *
     * @param json the text, in UTF-8, UTF-16 or UTF-32
     * @return the value, in which the last of several fields of one name counts; a missing node if there is none
     * @throws JsonProcessingException if it is malformed
     */
    public static JsonNode read(byte[] json) throws JsonProcessingException {
        try (JsonParser parser = parser(json)) {
            return parser.nextToken() == null ? MissingNode.getInstance() : new Reader(parser).value(0);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            // Not of reading: the bytes are no text in the encoding that their beginning is in.
            throw new JsonParseException(null, e.getMessage(), e);
        }
    }

    /**
     * A parser of a text that is read token by token.
     *
     * @param json the text, in UTF-8, UTF-16 or UTF-32
     * @return the parser, which the caller closes
     * @throws IOException if the text's beginning is malformed
     */
    public static JsonParser parser(byte[] json) throws IOException {
        return FACTORY.createParser(json);
    }

    /** Makes nodes of what a parser reads, and counts them. */
    private static final class Reader {
        private final JsonParser parser;
        private int values;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        /** The value that begins at the parser's token, within so many lists and objects. */
        JsonNode value(int depth) throws IOException {
            if (++values > MAX_VALUES) {
                throw new JsonParseException(parser, "there are more than " + MAX_VALUES + " values");
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(inner(depth));
                case START_ARRAY -> array(inner(depth));
                case VALUE_STRING -> NODES.textNode(parser.getText());
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT -> NODES.numberNode(requireDigits().getDoubleValue());
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
            };
        }

        private int inner(int depth) throws IOException {
            if (depth == MAX_DEPTH) {
                throw new JsonParseException(parser, "more than " + MAX_DEPTH + " lists and objects are in each other");
            }
            return depth + 1;
        }

        private JsonParser requireDigits() throws IOException {
            if (parser.getTextLength() > MAX_DIGITS) {
                throw new JsonParseException(parser, "a number has more than " + MAX_DIGITS + " digits");
            }
            return parser;
        }

        private JsonNode object(int depth) throws IOException {
            ObjectNode object = NODES.objectNode();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.set(name, value(depth));
            }
            return object;
        }

        private JsonNode array(int depth) throws IOException {
            ArrayNode array = NODES.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(depth));
            }
            return array;
        }

        private JsonNode integer() throws IOException {
            return switch (requireDigits().getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
        }
    }

    /**
     * The fields of an object, in any version of Jackson that DistilQA runs with: {@code properties()} is newer than the oldest,
     * and {@code fields()} is not to be used with the newest.
     *
     * @param tree the object; any other node has none
     * @return its fields, in their order
     */
    public static List<Map.Entry<String, JsonNode>> fields(JsonNode tree) {
        List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(tree.size());
        tree.fieldNames().forEachRemaining(name -> fields.add(Map.entry(name, tree.get(name))));
        return fields;
    }

    /**
     * Writes a tree.
     *
     * @param tree the tree, without nodes that hold objects of Java
     * @return its text, on one line
     */
    public static String write(JsonNode tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(tree, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(JsonNode tree, JsonGenerator generator) throws IOException {
        switch (tree.getNodeType()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, JsonNode> field : fields(tree)) {
                    generator.writeFieldName(field.getKey());
                    write(field.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (JsonNode element : tree) {
                    write(element, generator);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(tree.textValue());
            case BOOLEAN -> generator.writeBoolean(tree.booleanValue());
            case NULL -> generator.writeNull();
            case NUMBER -> writeNumber(tree, generator);
            default -> throw new IllegalArgumentException("JSON has no " + tree.getNodeType());
        }
    }

    private static void writeNumber(JsonNode number, JsonGenerator generator) throws IOException {
        switch (number.numberType()) {
            case INT -> generator.writeNumber(number.intValue());
            case LONG -> generator.writeNumber(number.longValue());
            case BIG_INTEGER -> generator.writeNumber(number.bigIntegerValue());
            case BIG_DECIMAL -> generator.writeNumber(number.decimalValue());
            case FLOAT -> generator.writeNumber(number.floatValue());
            default -> generator.writeNumber(number.doubleValue());
        }
    }
}
