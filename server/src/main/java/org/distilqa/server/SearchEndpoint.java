package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
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
        Duration deadline = AnswerRequest.deadline(asked.timeoutMillis(), longest);
        if (deadline.isZero() || deadline.isNegative()) {
            throw new InvalidRequestException("the deadline is " + deadline + "; it must be more than zero");
        }
        long start = System.nanoTime();
        DocumentPrediction prediction = await(documents.predictAsync(asked.question(), asked.options()), deadline);
        long nanos = System.nanoTime() - start;

        ObjectNode found = Json.object();
        ArrayNode answers = found.putArray("answers");
        prediction.answers().forEach(answer -> add(answers, answer));
        return found.put("noAnswerScore", prediction.noAnswerScore())
                .put("passages", prediction.passages())
                .put("windows", prediction.windows())
                .put("device", Json.device(answerer.device()))
                .put("milliseconds", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static DocumentPrediction await(CompletableFuture<DocumentPrediction> answers, Duration deadline) {
        try {
            return answers.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answers.cancel(true);
            throw new Problem.Refusal(504, "the request was not answered within " + deadline);
        } catch (InterruptedException e) {
            answers.cancel(true);
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("the search was interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof QuestionAnsweringException failure
                    ? failure
                    : new IllegalStateException(e.getCause());
        }
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
