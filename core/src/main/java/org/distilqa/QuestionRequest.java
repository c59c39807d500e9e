package org.distilqa;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A question, the text that may hold its answer, and how to answer it. Immutable; {@code with...} methods give a changed
 * copy.
 */
public final class QuestionRequest {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final double LEAST_WEIGHT = 1e-9;
    private static final double GREATEST_WEIGHT = 1e9;

    /** What stands between two passages: an empty line, which no word, value or character goes over. */
    private static final String BETWEEN_PASSAGES = "\n\n";

    private final String question;
    private final String context;
    private final List<String> passages;

    /** What the likelihood of each passage's spans is multiplied by; empty if all count the same. */
    private final List<Double> passageWeights;

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
        this(question, context, List.of(context == null ? "" : context), List.of(), options, null);
    }

    private QuestionRequest(
            String question,
            String context,
            List<String> passages,
            List<Double> passageWeights,
            AnswerOptions options,
            Duration deadline) {
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
        this.passages = passages;
        this.passageWeights = passageWeights;
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
     * A request with the default options about passages that have nothing to do with each other, such as those that a search has
     * found. Each is read by itself, in windows if it is long, and once; all of them have one distribution, "no answer" included,
     * and no answer goes over the border of two. {@link #inPassage} says which passage an answer is of. A
     * single passage is a context like any other.
     *
     * @param question the question
     * @param passages the passages; copied. The context is made of them, with an empty line between two
     * @return the request
     * @throws InvalidRequestException if the question is null or blank, or there is no passage, or one that is null or empty
     */
    public static QuestionRequest ofPassages(String question, List<String> passages) {
        if (passages == null || passages.isEmpty()) {
            throw new InvalidRequestException("the list of passages is " + (passages == null ? "null" : "empty"));
        }
        for (int i = 0; i < passages.size(); i++) {
            String passage = passages.get(i);
            if (passage == null || passage.isEmpty()) {
                throw new InvalidRequestException("passage " + i + " is " + (passage == null ? "null" : "empty"));
            }
        }
        return new QuestionRequest(
                question,
                String.join(BETWEEN_PASSAGES, passages),
                List.copyOf(passages),
                List.of(),
                AnswerOptions.defaults(),
                null);
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
     * The passages that the context is made of.
     *
     * @return the passages; the context alone, if the request was not made of several
     */
    public List<String> passages() {
        return passages;
    }

    /**
     * This request with passages that are not equally likely to hold the answer, by what a search says of them.
     *
     * @param weights for each passage, what the likelihood of its answers is multiplied by, from 1e-9 to 1e9; copied. "No answer" counts
     *     1, and so does each passage where no weights are given
     * @return a new request
     * @throws InvalidRequestException if there is not one for each passage, or one is out of that range
     */
    public QuestionRequest withPassageWeights(List<Double> weights) {
        if (weights == null || weights.size() != passages.size()) {
            throw new InvalidRequestException("there are " + (weights == null ? "no" : weights.size()) + " weights for "
                    + passages.size() + " passages");
        }
        for (Double weight : weights) {
            if (weight == null || !(weight >= LEAST_WEIGHT && weight <= GREATEST_WEIGHT)) {
                throw new InvalidRequestException("the weight of a passage is " + weight + "; it must be from "
                        + LEAST_WEIGHT + " to " + GREATEST_WEIGHT);
            }
        }
        return new QuestionRequest(question, context, passages, List.copyOf(weights), options, deadline);
    }

    /**
     * What the likelihood of each passage's answers is multiplied by.
     *
     * @return a weight for each passage; empty if all count the same
     */
    public List<Double> passageWeights() {
        return passageWeights;
    }

    /**
     * An answer to this request as a part of its passage.
     *
     * @param answer an answer with a place in the context
     * @return the number of its passage, and its place in that
     * @throws IllegalArgumentException if it says that there is no answer, or is not within one passage
     */
    public PassageAnswer inPassage(Answer answer) {
        int[] starts = passageStarts();
        int found = Arrays.binarySearch(starts, answer.start());
        int passage = found >= 0 ? found : -found - 2;
        int start = passage < 0 ? 0 : starts[passage];
        if (passage >= 0
                && !answer.isEmpty()
                && answer.end() - start <= passages.get(passage).length()) {
            return new PassageAnswer(
                    passage, new Answer(answer.text(), answer.start() - start, answer.end() - start, answer.score()));
        }
        throw new IllegalArgumentException(answer + " is in no passage of this request");
    }

    /**
     * Where each passage starts in the context.
     *
     * @return for each passage, its first character's place in UTF-16 units; a new array
     */
    public int[] passageStarts() {
        int[] starts = new int[passages.size()];
        for (int passage = 1; passage < starts.length; passage++) {
            starts[passage] = starts[passage - 1] + passages.get(passage - 1).length() + BETWEEN_PASSAGES.length();
        }
        return starts;
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
        return new QuestionRequest(question, context, passages, passageWeights, options, deadline);
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
        return new QuestionRequest(question, context, passages, passageWeights, options, deadline);
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
                && passages.equals(request.passages)
                && passageWeights.equals(request.passageWeights)
                && options.equals(request.options)
                && Objects.equals(deadline, request.deadline);
    }

    @Override
    public int hashCode() {
        return Objects.hash(question, passages, passageWeights, options, deadline);
    }

    @Override
    public String toString() {
        return "\"" + question + "\" of " + context.length() + " characters"
                + (passages.size() == 1 ? "" : " in " + passages.size() + " passages") + ", " + options;
    }
}
