package org.distilqa;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.distilqa.internal.Ranges;

/**
 * How a question is to be answered. Immutable; {@code with...} methods give a changed copy. The names are those of the
 * Hugging Face question-answering pipeline.
 */
public final class AnswerOptions {

    /** The most answers that can be asked for. */
    public static final int MAX_TOP_K = 10_000;

    /** The longest answer or question that can be asked for, in tokens. */
    public static final int MAX_LENGTH = 100_000;

    /** The shortest window: three special tokens, one of the question and one of the context. */
    public static final int MIN_SEQUENCE_LENGTH = 5;

    private static final AnswerOptions DEFAULTS = new AnswerOptions(new Values());

    /** Of these options alone, and not changed any more. */
    private final Values values;

    /** The options' values, at first the defaults; a copy is changed while options are made of it. */
    private static final class Values implements Cloneable {
        private int topK = 1;
        private int maxAnswerLength = 15;
        private OptionalInt maxSequenceLength = OptionalInt.empty();
        private OptionalInt docStride = OptionalInt.empty();
        private int maxQuestionLength = 64;
        private boolean handleImpossibleAnswer;
        private boolean alignToWords = true;
        private boolean secondReading = true;
        private boolean overlappingAnswers;

        /** What two options are compared by and shown as. */
        private Map<String, Object> byName() {
            Map<String, Object> byName = new LinkedHashMap<>();
            byName.put("topK", topK);
            byName.put("maxAnswerLength", maxAnswerLength);
            byName.put("maxSequenceLength", maxSequenceLength);
            byName.put("docStride", docStride);
            byName.put("maxQuestionLength", maxQuestionLength);
            byName.put("handleImpossibleAnswer", handleImpossibleAnswer);
            byName.put("alignToWords", alignToWords);
            byName.put("secondReading", secondReading);
            byName.put("overlappingAnswers", overlappingAnswers);
            return byName;
        }

        /** Checks the ranges that do not depend on the model. */
        private void requireRanges() {
            requireRange("topK", topK, 1, MAX_TOP_K);
            requireRange("maxAnswerLength", maxAnswerLength, 1, MAX_LENGTH);
            requireRange("maxQuestionLength", maxQuestionLength, 1, MAX_LENGTH);
            maxSequenceLength.ifPresent(
                    length -> requireRange("maxSequenceLength", length, MIN_SEQUENCE_LENGTH, MAX_LENGTH));
            int strideLimit = maxSequenceLength.orElse(MAX_LENGTH) - 1;
            docStride.ifPresent(stride -> requireRange("docStride", stride, 0, strideLimit));
        }

        private Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private AnswerOptions(Values values) {
        values.requireRanges();
        this.values = values;
    }

    private AnswerOptions with(Consumer<Values> change) {
        Values changed = values.copy();
        change.accept(changed);
        return new AnswerOptions(changed);
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
     * How many answers are wanted at most, the best first.
     *
     * @return 1 to {@value #MAX_TOP_K}, by default 1
     */
    public int topK() {
        return values.topK;
    }

    /**
     * The longest answer, in tokens.
     *
     * @return 1 to {@value #MAX_LENGTH}, by default 15
     */
    public int maxAnswerLength() {
        return values.maxAnswerLength;
    }

    /**
     * The longest window, in tokens, with the question and three special tokens.
     *
     * @return {@value #MIN_SEQUENCE_LENGTH} to the model's limit (512 for DistilBERT); by default empty: 384, or the model's
     *     limit if that is smaller
     */
    public OptionalInt maxSequenceLength() {
        return values.maxSequenceLength;
    }

    /**
     * How many tokens of the context neighbouring windows share; never more than half of what a window has room for beside the
     * question.
     *
     * @return 0 to {@code maxSequenceLength - 1}; by default empty: 128, or half of {@code maxSequenceLength} if that is smaller
     */
    public OptionalInt docStride() {
        return values.docStride;
    }

    /**
     * The longest question, in tokens; what is beyond is cut off.
     *
     * @return 1 to {@value #MAX_LENGTH}, by default 64
     */
    public int maxQuestionLength() {
        return values.maxQuestionLength;
    }

    /**
     * Whether "there is no answer" competes with the spans, as an empty answer at 0..0.
     *
     * @return whether it does, by default not
     */
    public boolean handleImpossibleAnswer() {
        return values.handleImpossibleAnswer;
    }

    /**
     * Whether a span that starts or ends within a word or a value, such as a number with its sign, a file's name or an address,
     * is widened to the whole of it.
     *
     * @return whether it is, by default yes
     */
    public boolean alignToWords() {
        return values.alignToWords;
    }

    /**
     * Whether the paragraphs of the best places of a context of two windows or more are read once more, each by itself: for
     * four short windows more at most the answers are better.
     *
     * @return whether they are, by default yes
     */
    public boolean secondReading() {
        return values.secondReading;
    }

    /**
     * Whether an answer that overlaps a better one is given too, as the pipeline does.
     *
     * @return whether it is, by default not
     */
    public boolean overlappingAnswers() {
        return values.overlappingAnswers;
    }

    /**
     * These options with another number of answers.
     *
     * @param topK how many answers are wanted at most
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withTopK(int topK) {
        return with(changed -> changed.topK = topK);
    }

    /**
     * These options with another longest answer.
     *
     * @param maxAnswerLength the longest answer, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withMaxAnswerLength(int maxAnswerLength) {
        return with(changed -> changed.maxAnswerLength = maxAnswerLength);
    }

    /**
     * These options with another longest window.
     *
     * @param maxSequenceLength the longest window, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range, or {@code docStride} is, now
     */
    public AnswerOptions withMaxSequenceLength(int maxSequenceLength) {
        return with(changed -> changed.maxSequenceLength = OptionalInt.of(maxSequenceLength));
    }

    /**
     * These options with another overlap of windows.
     *
     * @param docStride how many tokens of the context neighbouring windows share
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withDocStride(int docStride) {
        return with(changed -> changed.docStride = OptionalInt.of(docStride));
    }

    /**
     * These options with another longest question.
     *
     * @param maxQuestionLength the longest question, in tokens
     * @return new options
     * @throws InvalidRequestException if it is out of its range
     */
    public AnswerOptions withMaxQuestionLength(int maxQuestionLength) {
        return with(changed -> changed.maxQuestionLength = maxQuestionLength);
    }

    /**
     * These options with or without "there is no answer" among the answers.
     *
     * @param handleImpossibleAnswer whether it competes
     * @return new options
     */
    public AnswerOptions withHandleImpossibleAnswer(boolean handleImpossibleAnswer) {
        return with(changed -> changed.handleImpossibleAnswer = handleImpossibleAnswer);
    }

    /**
     * These options with spans widened to whole words and values or not.
     *
     * @param alignToWords whether spans are widened
     * @return new options
     */
    public AnswerOptions withAlignToWords(boolean alignToWords) {
        return with(changed -> changed.alignToWords = alignToWords);
    }

    /**
     * These options with or without a second reading of the best places.
     *
     * @param secondReading whether they are read once more
     * @return new options
     */
    public AnswerOptions withSecondReading(boolean secondReading) {
        return with(changed -> changed.secondReading = secondReading);
    }

    /**
     * These options with or without answers that overlap a better one.
     *
     * @param overlappingAnswers whether they are given
     * @return new options
     */
    public AnswerOptions withOverlappingAnswers(boolean overlappingAnswers) {
        return with(changed -> changed.overlappingAnswers = overlappingAnswers);
    }

    private static void requireRange(String name, int value, int least, int most) {
        Ranges.require(name, value, least, most, InvalidRequestException::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnswerOptions options && values.byName().equals(options.values.byName());
    }

    @Override
    public int hashCode() {
        return values.byName().hashCode();
    }

    @Override
    public String toString() {
        return "AnswerOptions" + values.byName();
    }
}
