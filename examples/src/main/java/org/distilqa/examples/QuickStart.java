package org.distilqa.examples;

import org.distilqa.Answer;
import org.distilqa.QuestionAnswerer;

/** The shortest program: one question, one context, one answer. */
public final class QuickStart {
    private QuickStart() {}

    /**
     * Answers a question.
     *
     * @param arguments a model, if not the bundled one
     */
    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : QuestionAnswerer.BUNDLED_MODEL;
        try (QuestionAnswerer qa = QuestionAnswerer.builder().model(model).build()) {
            Answer answer =
                    qa.answer("Who built the lamp?", "Its lamp, built by the Dunmore Glass Company, still works.");
            System.out.println(answer.text() + " at " + answer.start() + ".." + answer.end());
        }
    }
}
