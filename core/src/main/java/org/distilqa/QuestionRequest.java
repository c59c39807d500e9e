package org.distilqa;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A question, the text that may hold its answer, and how to answer it. Immutable; {@code with...} methods give a changed
 * copy.
 */
public final class QuestionRequest {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String question;
    private final String context;
    private final AnswerOptions options;
    private final Duration deadline;

    /**
     * Checks that there is a question and a context.
     *
     * @param question the question
     * @param context the text
     * @param options how to answer it
     * @throws InvalidRequestException if the question is null or blank, the context null or empty, or the options null
     */
    public QuestionRequest(String question, String context, AnswerOptions options) {
        this(question, context, options, null);
    }

    private QuestionRequest(String question, String context, AnswerOptions options, Duration deadline) {
        if (question == null || question.isBlank()) {
            throw new InvalidRequestException("the question is " + (question == null ? "null" : "empty"));
        }
        if (context == null || context.isEmpty()) {
            throw new InvalidRequestException("the context is " + (context == null ? "null" : "empty"));
        }
        if (options == null) {
            throw new InvalidRequestException("the options are null");
        }
        this.question = question;
        this.context = context;
        this.options = options;
        this.deadline = deadline;
    }

    /**
     * A request with the default options.
     *
     * @param question the question
     * @param context the text that may hold its answer
     * @return the request
     * @throws InvalidRequestException if the question is null or blank, or the context null or empty
     */
    public static QuestionRequest of(String question, String context) {
        return new QuestionRequest(question, context, AnswerOptions.defaults());
    }

    /**
     * The question.
     *
     * @return the question, not blank
     */
    public String question() {
        return question;
    }

    /**
     * The text that may hold the answer.
     *
     * @return the text, of any length, not empty
     */
    public String context() {
        return context;
    }

    /**
     * How to answer it.
     *
     * @return the options
     */
    public AnswerOptions options() {
        return options;
    }

    /**
     * This request with other options.
     *
     * @param options all options
     * @return a new request
     */
    public QuestionRequest withOptions(AnswerOptions options) {
        return new QuestionRequest(question, context, options, deadline);
    }

    /**
     * How long the answer may take, from when the request is given to the {@link QuestionAnswerer}.
     *
     * @return the time, more than zero; empty for any
     */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /**
     * This request with a time within which it must be answered. When that is over, it fails with a
     * {@link DeadlineExceededException}, and what was not yet computed of it never is.
     *
     * @param deadline more than zero and at most a hundred years, from when the request is given to the answerer
     * @return a new request
     * @throws InvalidRequestException if it is out of that range
     */
    public QuestionRequest withDeadline(Duration deadline) {
        if (deadline == null || deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
            throw new InvalidRequestException(
                    "the deadline is " + deadline + "; it must be more than zero and at most " + LONGEST);
        }
        return new QuestionRequest(question, context, options, deadline);
    }

    /**
     * This request with another number of answers.
     *
     * @param topK see {@link AnswerOptions#topK()}
     * @return a new request
     * @throws InvalidRequestException if it is out of its range
     */
    public QuestionRequest withTopK(int topK) {
        return withOptions(options.withTopK(topK));
    }

    /**
     * This request with another longest answer.
     *
     * @param maxAnswerLength see {@link AnswerOptions#maxAnswerLength()}
     * @return a new request
     * @throws InvalidRequestException if it is out of its range
     */
    public QuestionRequest withMaxAnswerLength(int maxAnswerLength) {
        return withOptions(options.withMaxAnswerLength(maxAnswerLength));
    }

    /**
     * This request with another longest window.
     *
     * @param maxSequenceLength see {@link AnswerOptions#maxSequenceLength()}
     * @return a new request
     * @throws InvalidRequestException if it is out of its range
     */
    public QuestionRequest withMaxSequenceLength(int maxSequenceLength) {
        return withOptions(options.withMaxSequenceLength(maxSequenceLength));
    }

    /**
     * This request with another overlap of windows.
     *
     * @param docStride see {@link AnswerOptions#docStride()}
     * @return a new request
     * @throws InvalidRequestException if it is out of its range
     */
    public QuestionRequest withDocStride(int docStride) {
        return withOptions(options.withDocStride(docStride));
    }

    /**
     * This request with another longest question.
     *
     * @param maxQuestionLength see {@link AnswerOptions#maxQuestionLength()}
     * @return a new request
     * @throws InvalidRequestException if it is out of its range
     */
    public QuestionRequest withMaxQuestionLength(int maxQuestionLength) {
        return withOptions(options.withMaxQuestionLength(maxQuestionLength));
    }

    /**
     * This request with or without "there is no answer" among the answers.
     *
     * @param handleImpossibleAnswer see {@link AnswerOptions#handleImpossibleAnswer()}
     * @return a new request
     */
    public QuestionRequest withHandleImpossibleAnswer(boolean handleImpossibleAnswer) {
        return withOptions(options.withHandleImpossibleAnswer(handleImpossibleAnswer));
    }

    /**
     * This request with spans widened to whole words and values or not.
     *
     * @param alignToWords see {@link AnswerOptions#alignToWords()}
     * @return a new request
     */
    public QuestionRequest withAlignToWords(boolean alignToWords) {
        return withOptions(options.withAlignToWords(alignToWords));
    }

    /**
     * This request with or without a second reading of the best places.
     *
     * @param secondReading see {@link AnswerOptions#secondReading()}
     * @return a new request
     */
    public QuestionRequest withSecondReading(boolean secondReading) {
        return withOptions(options.withSecondReading(secondReading));
    }

    /**
     * This request with or without answers that overlap a better one.
     *
     * @param overlappingAnswers see {@link AnswerOptions#overlappingAnswers()}
     * @return a new request
     */
    public QuestionRequest withOverlappingAnswers(boolean overlappingAnswers) {
        return withOptions(options.withOverlappingAnswers(overlappingAnswers));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuestionRequest request
                && question.equals(request.question)
                && context.equals(request.context)
                && options.equals(request.options)
                && Objects.equals(deadline, request.deadline);
    }

    @Override
    public int hashCode() {
        return Objects.hash(question, context, options, deadline);
    }

    @Override
    public String toString() {
        return "\"" + question + "\" of " + context.length() + " characters, " + options;
    }
}
