package org.distilqa.cli.options;

import org.distilqa.AnswerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How questions are answered. */
public final class AnswerSettings {
    @Mixin
    private TopAnswers top;

    @Option(
            names = "--max-answer-length",
            paramLabel = "N",
            description = "The longest answer, in tokens (default: 15).")
    private Integer maxAnswerLength;

    @Option(
            names = "--doc-stride",
            paramLabel = "N",
            description = "How many tokens neighbouring windows share (default: 128).")
    private Integer docStride;

    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "The longest window, in tokens (default: 384).")
    private Integer maxSequenceLength;

    @Option(
            names = "--max-question-length",
            paramLabel = "N",
            description = "The longest question, in tokens; the rest is cut off (default: 64).")
    private Integer maxQuestionLength;

    @Option(names = "--no-align-to-words", description = "Do not widen answers to whole words and values.")
    private boolean noAlignToWords;

    @Option(
            names = "--no-second-reading",
            description = "Do not read the best places of a context of several windows once more.")
    private boolean noSecondReading;

    @Option(names = "--overlapping-answers", description = "Also give answers that overlap a better one.")
    private boolean overlappingAnswers;

    @Option(
            names = "--min-score",
            paramLabel = "S",
            defaultValue = "0",
            converter = Score.class,
            description = "Leave out answers with a score below this, from 0 to 1.")
    private double minScore;

    AnswerSettings() {}

    /**
     * Whether an answer is wanted.
     *
     * @param score its score
     * @return whether that is at least {@link #minScore}
     */
    public boolean wants(double score) {
        return score >= minScore;
    }

    /**
     * The score that an answer must have.
     *
     * @return from 0 to 1
     */
    public double minScore() {
        return minScore;
    }

    /**
     * How questions are answered.
     *
     * @return the defaults, but for what was given
     * @throws org.distilqa.InvalidRequestException if a number is out of its range
     */
    public AnswerOptions options() {
        AnswerOptions options = top.options()
                .withAlignToWords(!noAlignToWords)
                .withSecondReading(!noSecondReading)
                .withOverlappingAnswers(overlappingAnswers);
        options = maxAnswerLength == null ? options : options.withMaxAnswerLength(maxAnswerLength);
        options = maxQuestionLength == null ? options : options.withMaxQuestionLength(maxQuestionLength);
        options = maxSequenceLength == null ? options : options.withMaxSequenceLength(maxSequenceLength);
        return docStride == null ? options : options.withDocStride(docStride);
    }
}
