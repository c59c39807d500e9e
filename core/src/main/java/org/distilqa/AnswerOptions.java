package org.distilqa;

import java.util.OptionalInt;

/**
 * How a question is to be answered. Immutable; {@code with...} methods give a changed copy. The names are those of the
 * Hugging Face question-answering pipeline.
 *
 * @param topK how many answers are wanted at most, the best first; 1 to {@value #MAX_TOP_K}, by default 1
 * @param maxAnswerLength the longest answer, in tokens; 1 to {@value #MAX_LENGTH}, by default 15
 * @param maxSequenceLength the longest window, in tokens, with the question and three special tokens;
 *     {@value #MIN_SEQUENCE_LENGTH} to the model's limit (512 for DistilBERT), by default 384 or the model's limit if that
 *     is smaller
 * @param docStride how many tokens of the context neighbouring windows share; 0 to {@code maxSequenceLength - 1}, by
 *     default 128 or half of {@code maxSequenceLength} if that is smaller; never more than half of what a window has room
 *     for beside the question
 * @param maxQuestionLength the longest question, in tokens; what is beyond is cut off; 1 to {@value #MAX_LENGTH}, by
 *     default 64
 * @param handleImpossibleAnswer whether "there is no answer" competes with the spans, as an empty answer at 0..0; by
 *     default not
 * @param alignToWords whether a span that starts or ends within a word or a value, such as a number with its sign, a file's
 *     name or an address, is widened to the whole of it; by default yes
 * @param secondReading whether the best places of a context of two windows or more are put together and read once more: for
 *     one window more, or four from the thirteenth window on, the answers are better; by default yes
 * @param overlappingAnswers whether an answer that overlaps a better one is given too, as the pipeline does; by default no
 */
public record AnswerOptions(
        int topK,
        int maxAnswerLength,
        OptionalInt maxSequenceLength,
        OptionalInt docStride,
        int maxQuestionLength,
        boolean handleImpossibleAnswer,
        boolean alignToWords,
        boolean secondReading,
        boolean overlappingAnswers) {

    /** The most answers that can be asked for. */
    public static final int MAX_TOP_K = 10_000;

    /** The longest answer or question that can be asked for, in tokens. */
    public static final int MAX_LENGTH = 100_000;

    /** The shortest window: three special tokens, one of the question and one of the context. */
    public static final int MIN_SEQUENCE_LENGTH = 5;

    private static final AnswerOptions DEFAULTS =
            new AnswerOptions(1, 15, OptionalInt.empty(), OptionalInt.empty(), 64, false, true, true, false);

    /**
     * Checks the ranges that do not depend on the model.
     *
     * @param topK how many answers are wanted at most
     * @param maxAnswerLength the longest answer
     * @param maxSequenceLength the longest window
     * @param docStride how many tokens of the context neighbouring windows share
     * @param maxQuestionLength the longest question
     * @param handleImpossibleAnswer whether "there is no answer" competes with the spans
     * @param alignToWords whether a span that starts or ends within a word or a value is widened to the whole of it
     * @param secondReading whether the best places of a context of two windows or more are read once more
     * @param overlappingAnswers whether an answer that overlaps a better one is given too
     * @throws InvalidRequestException if an option is out of its range
     */
    public AnswerOptions {
        requireRange("topK", topK, 1, MAX_TOP_K);
        requireRange("maxAnswerLength", maxAnswerLength, 1, MAX_LENGTH);
        requireRange("maxQuestionLength", maxQuestionLength, 1, MAX_LENGTH);
        maxSequenceLength.ifPresent(
                length -> requireRange("maxSequenceLength", length, MIN_SEQUENCE_LENGTH, MAX_LENGTH));
        int strideLimit = maxSequenceLength.orElse(MAX_LENGTH) - 1;
        docStride.ifPresent(stride -> requireRange("docStride", stride, 0, strideLimit));
    }

    /**
     * The options that apply when none are given.
     *
     * @return the defaults
     */
    public static AnswerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another number of answers.
     *
     * @param topK how many answers are wanted at most
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withTopK(int topK) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with another longest answer.
     *
     * @param maxAnswerLength the longest answer, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withMaxAnswerLength(int maxAnswerLength) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with another longest window.
     *
     * @param maxSequenceLength the longest window, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range, or {@code docStride} is, now
     */
    public AnswerOptions withMaxSequenceLength(int maxSequenceLength) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                OptionalInt.of(maxSequenceLength),
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with another overlap of windows.
     *
     * @param docStride how many tokens of the context neighbouring windows share
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withDocStride(int docStride) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                OptionalInt.of(docStride),
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with another longest question.
     *
     * @param maxQuestionLength the longest question, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withMaxQuestionLength(int maxQuestionLength) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with or without "there is no answer" among the answers.
     *
     * @param handleImpossibleAnswer whether it competes
     * @return new options
     */
    public AnswerOptions withHandleImpossibleAnswer(boolean handleImpossibleAnswer) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with spans widened to whole words and values or not.
     *
     * @param alignToWords whether spans are widened
     * @return new options
     */
    public AnswerOptions withAlignToWords(boolean alignToWords) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with or without a second reading of the best places.
     *
     * @param secondReading whether they are read once more
     * @return new options
     */
    public AnswerOptions withSecondReading(boolean secondReading) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    /**
     * These options with or without answers that overlap a better one.
     *
     * @param overlappingAnswers whether they are given
     * @return new options
     */
    public AnswerOptions withOverlappingAnswers(boolean overlappingAnswers) {
        return new AnswerOptions(
                topK,
                maxAnswerLength,
                maxSequenceLength,
                docStride,
                maxQuestionLength,
                handleImpossibleAnswer,
                alignToWords,
                secondReading,
                overlappingAnswers);
    }

    static void requireRange(String name, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw new InvalidRequestException(
                    name + " is " + value + "; it must be from " + minimum + " to " + maximum);
        }
    }
}
