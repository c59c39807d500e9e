package org.distilqa.models.app;

import org.distilqa.QuestionAnswerer;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;

/** A program of a user: says where it finds the bundled model, and lets it answer. */
public final class Ask {
    private Ask() {}

    /**
     * Opens the model, asks and closes it.
     *
     * @param arguments how many times
     */
    public static void main(String[] arguments) {
        System.out.println(Checkpoint.load(QuestionAnswerer.BUNDLED_MODEL, "main", HubOptions.fromEnvironment())
                .files()
                .location());
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                    .model(QuestionAnswerer.BUNDLED_MODEL)
                    .device("cpu")
                    .build()) {
                System.out.println(answerer.answer("Who built the mill?", "The mill was built by Ada Quill in 1912.")
                        .text());
            }
        }
    }
}
