package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.concurrent.TimeUnit;
import org.distilqa.Answer;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/** {@code POST /answer}: a question and a context in, the answers out. */
final class AnswerEndpoint {
    static final int MAX_QUESTION_LENGTH = 10_000;

    private final QuestionAnswerer answerer;
    private final Admission admission;
    private final ServerOptions options;
    private final RequestBody body;

    AnswerEndpoint(QuestionAnswerer answerer, Admission admission, ServerOptions options) {
        this.answerer = answerer;
        this.admission = admission;
        this.options = options;
        body = RequestBody.ofJson((long) options.maxContextLength() + MAX_QUESTION_LENGTH, options.timeout());
    }

    void answer(Context context) {
        context.contentType("application/json")
                .result(admission.admit(() -> answerOf(context)).toString());
    }

    private ObjectNode answerOf(Context context) {
        AnswerRequest asked = Json.read(body.read(context, "application/json"), AnswerRequest.class);
        QuestionRequest request = asked.toRequest(options.timeout());
        long start = System.nanoTime();
        Prediction prediction = answerer.predict(request);
        long nanos = System.nanoTime() - start;

        ObjectNode found = Json.object();
        ArrayNode answers = found.putArray("answers");
        prediction.answers().forEach(answer -> add(answers, answer));
        return found.put("noAnswerScore", prediction.noAnswerScore())
                .put("questionCut", prediction.questionCut())
                .put("windows", prediction.windows())
                .put("device", answerer.device().nameAndPrecision())
                .put("milliseconds", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static void add(ArrayNode answers, Answer answer) {
        answers.addObject()
                .put("text", answer.text())
                .put("start", answer.start())
                .put("end", answer.end())
                .put("score", answer.score());
    }
}
