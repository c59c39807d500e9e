package org.distilqa.cli.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.distilqa.AnswerOptions;
import org.distilqa.InvalidRequestException;
import org.distilqa.Prediction;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.options.AnswerSettings;

/**
 * A line of the input of {@link BatchCommand}.
 *
 * @param number which line, from 1
 * @param id what it has as {@code id}; null if it has none
 * @param question its question; null if it has none
 * @param request what it asks; null if it cannot be asked
 * @param error why it cannot; null if it can
 */
public record BatchRow(long number, JsonNode id, JsonNode question, QuestionRequest request, String error) {

    static BatchRow broken(long number, String error) {
        return new BatchRow(number, null, null, null, error);
    }

    /** Reads a line. */
    static BatchRow of(long number, String line, AnswerOptions options) {
        JsonNode row;
        try {
            row = Json.parse("row " + number, line);
        } catch (FileException e) {
            return broken(number, e.getMessage());
        }
        JsonNode id = row.get("id");
        JsonNode question = row.get("question");
        for (String field : new String[] {"question", "context"}) {
            if (!row.path(field).isTextual()) {
                return new BatchRow(number, id, question, null, "row " + number + ": has no text \"" + field + "\"");
            }
        }
        try {
            QuestionRequest request = new QuestionRequest(
                    question.textValue(), row.path("context").textValue(), options);
            return new BatchRow(number, id, question, request, null);
        } catch (InvalidRequestException e) {
            return new BatchRow(number, id, question, null, "row " + number + ": " + e.getMessage());
        }
    }

    /** The line of the output for a row that was answered. */
    ObjectNode answered(Prediction prediction, AnswerSettings settings) {
        ObjectNode result = head();
        result.putArray("answers");
        prediction.answers().stream()
                .filter(answer -> settings.wants(answer.score()))
                .forEach(answer -> Json.add(result.withArray("answers"), answer));
        return result.put("windows", prediction.windows()).put("question_cut", prediction.questionCut());
    }

    /** The line of the output for a row that was not. */
    ObjectNode failed(String why) {
        return head().put("error", why);
    }

    private ObjectNode head() {
        ObjectNode head = Json.object().put("row", number);
        if (id != null) {
            head.set("id", id);
        }
        if (question != null) {
            head.set("question", question);
        }
        return head;
    }
}
