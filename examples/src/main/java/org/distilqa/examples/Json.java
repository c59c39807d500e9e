package org.distilqa.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.distilqa.Answer;
import org.distilqa.device.DeviceInfo;

/** JSON as the commands print and read it. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    /** Refuses what follows the value. */
    private static final ObjectReader WHOLE_TEXT = MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A device's name, with the precision that it computes in if it has several. */
    static String device(DeviceInfo device) {
        String precision = device.facts().get("precision");
        return precision == null ? device.name() : device.name() + " (" + precision + ")";
    }

    /** Adds an answer, and gives it for more to be put into it. */
    static ObjectNode add(ArrayNode answers, Answer answer) {
        return answers.addObject()
                .put("text", answer.text())
                .put("start", answer.start())
                .put("end", answer.end())
                .put("score", answer.score());
    }

    /** The content of a file; {@code name} is what messages call it. */
    static JsonNode parse(String name, String text) {
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

    /** Where in the file, for messages. */
    static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
