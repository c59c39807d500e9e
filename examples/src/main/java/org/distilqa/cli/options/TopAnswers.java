package org.distilqa.cli.options;

import org.distilqa.AnswerOptions;
import picocli.CommandLine.Option;

/** How many answers are given, and whether "there is no answer" is one. */
public final class TopAnswers {
    @Option(names = "--top-k", paramLabel = "N", description = "How many answers (default: 1).")
    private Integer topK;

    @Option(names = "--handle-impossible-answer", description = "Let \"there is no answer\" compete with the answers.")
    private boolean handleImpossibleAnswer;

    TopAnswers() {}

    /**
     * The options.
     *
     * @return the defaults, but for what was given
     * @throws org.distilqa.InvalidRequestException if the number is out of its range
     */
    public AnswerOptions options() {
        AnswerOptions options = AnswerOptions.defaults().withHandleImpossibleAnswer(handleImpossibleAnswer);
        return topK == null ? options : options.withTopK(topK);
    }
}
