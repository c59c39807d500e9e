package org.distilqa.cli.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.distilqa.Answer;

/** JSON as the commands print and read it. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Refuses what follows the value. */
    private static final ObjectReader WHOLE_TEXT = MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * An object to put fields into.
     *
     * @return an empty one
     */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads JSON piece by piece.
     *
     * @param in its bytes
     * @return a parser that reads trees too
     * @throws IOException if they cannot be read
     */
    public static JsonParser parser(InputStream in) throws IOException {
        return MAPPER.createParser(in);
    }

    /**
     * Adds an answer to a list.
     *
     * @param answers the list
     * @param answer the answer
     * @return what was added, for more to be put into it
     */
    public static ObjectNode add(ArrayNode answers, Answer answer) {
        return answers.addObject()
                .put("text", answer.text())
                .put("start", answer.start())
                .put("end", answer.end())
                .put("score", answer.score());
    }

    /**
     * The content of a file.
     *
     * @param name what messages call it
     * @param text its characters
     * @return the value, the only one there is
     * @throws FileException if it is not JSON, or something follows the value
     */
    public static JsonNode parse(String name, String text) {
        try {
            JsonNode node = WHOLE_TEXT.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new FileException(name + ": is empty");
            }
            return node;
        } catch (MismatchedInputException e) {
            throw new FileException(name + ": is not valid JSON" + place(e) + ": something follows the first value", e);
        } catch (JsonProcessingException e) {
            throw new FileException(name + ": is not valid JSON" + place(e) + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Where in the file something is wrong, for messages.
     *
     * @param e what is
     * @return line and column, after a blank; empty if they are not known
     */
    public static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
