package org.distilqa.examples;

import java.util.List;
import java.util.stream.Stream;
import org.distilqa.Answer;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;

/** Many questions at once, three answers each, with "there is no answer" among them. */
public final class AnswerManyQuestions {
    private static final String CONTEXT =
            "The ferry to Port Ellis leaves at seven and at noon. A ticket costs nine crowns; children under six travel free.";

    private AnswerManyQuestions() {}

    /**
     * Answers some questions.
     *
     * @param arguments a model, if not the default one
     */
    public static void main(String[] arguments) {
        List<QuestionRequest> requests = Stream.of(
                        "When does the ferry leave?", "What does a ticket cost?", "Who is the captain?")
                .map(question ->
                        QuestionRequest.of(question, CONTEXT).withTopK(3).withHandleImpossibleAnswer(true))
                .toList();
        String model = arguments.length > 0 ? arguments[0] : QuestionAnswerer.DEFAULT_MODEL;
        try (QuestionAnswerer qa = QuestionAnswerer.builder().model(model).build()) {
            List<List<Answer>> answers = qa.answerAll(requests);
            for (int i = 0; i < requests.size(); i++) {
                System.out.println(requests.get(i).question());
                for (Answer answer : answers.get(i)) {
                    System.out.printf("  %.3f %s%n", answer.score(), answer.isEmpty() ? "(no answer)" : answer.text());
                }
            }
        }
    }
}
