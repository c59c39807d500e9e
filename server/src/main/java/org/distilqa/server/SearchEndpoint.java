package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.distilqa.InvalidRequestException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.search.DocumentAnswer;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.search.DocumentPrediction;

/** {@code POST /search}: a question in, answers from the collection out. */
final class SearchEndpoint {
    private final QuestionAnswerer answerer;
    private final DocumentCollection collection;
    private final DocumentAnswerer documents;
    private final Admission admission;
    private final Duration longest;
    private final RequestBody body;

    SearchEndpoint(
            QuestionAnswerer answerer,
            DocumentCollection collection,
            DocumentAnswerer documents,
            Admission admission,
            ServerOptions options) {
        this.answerer = answerer;
        this.collection = collection;
        this.documents = documents;
        this.admission = admission;
        this.longest = options.timeout();
        this.body = RequestBody.ofJson(AnswerEndpoint.MAX_QUESTION_LENGTH, options.timeout());
    }

    void answer(Context context) {
        context.contentType("application/json")
                .result(admission.admit(() -> answerOf(context)).toString());
    }

    /** What the page is told of the collection. */
    ObjectNode description() {
        return Json.object()
                .put("title", collection.title())
                .put("documents", documents.documents())
                .put("passages", documents.passages());
    }

    private ObjectNode answerOf(Context context) {
        SearchRequest asked = Json.read(body.read(context, "application/json"), SearchRequest.class);
        if (asked.question() != null && asked.question().length() > AnswerEndpoint.MAX_QUESTION_LENGTH) {
            throw new InvalidRequestException(
                    "the question has " + asked.question().length() + " characters; maxQuestionLength is "
                            + AnswerEndpoint.MAX_QUESTION_LENGTH);
        }
        long start = System.nanoTime();
        DocumentPrediction prediction = documents.predict(
                asked.question(), asked.options(), AnswerRequest.deadline(asked.timeoutMillis(), longest));
        long nanos = System.nanoTime() - start;

        ObjectNode found = Json.object();
        ArrayNode answers = found.putArray("answers");
        prediction.answers().forEach(answer -> add(answers, answer));
        return found.put("noAnswerScore", prediction.noAnswerScore())
                .put("passages", prediction.passages())
                .put("windows", prediction.windows())
                .put("device", answerer.device().nameAndPrecision())
                .put("milliseconds", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }

    private void add(ArrayNode answers, DocumentAnswer answer) {
        ObjectNode added = answers.addObject()
                .put("text", answer.text())
                .put("document", collection.shortened(answer.document()))
                .put("title", collection.shortened(answer.title()))
                .put("start", answer.start())
                .put("end", answer.end())
                .put("line", answer.line());
        if (answer.page() > 0) {
            added.put("page", answer.page());
        }
        added.put("score", answer.score())
                .putObject("passage")
                .put("text", answer.passage().text())
                .put("start", answer.passage().start());
    }
}
