package org.distilqa.window;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.AnswerOptions;
import org.distilqa.InvalidRequestException;
import org.distilqa.internal.Ranges;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/**
 * What the network reads at once: {@code [CLS] question [SEP] context [SEP]}, where the context is a stretch of the whole.
 *
 * @param ids the token ids
 * @param contextStart where the context's tokens start in {@code ids}
 * @param stretch which tokens of the context the window has
 */
public record Window(int[] ids, int contextStart, Stretch stretch) {
    private static final int SPECIAL_TOKENS = 3;
    private static final int DEFAULT_MAX_SEQUENCE_LENGTH = 384;
    private static final int DEFAULT_DOC_STRIDE = 128;

    /**
     * Neighbouring tokens of the context.
     *
     * @param first the number of the first in the whole context, from 0
     * @param end one more than the number of the last
     */
    public record Stretch(int first, int end) {
        /**
         * How long it is.
         *
         * @return its tokens
         */
        public int tokens() {
            return end - first;
        }
    }

    /**
     * The windows that cover a part of a context, or all of it: each as long as {@code maxSequenceLength} allows, neighbours sharing
     * {@code docStride} tokens, or half of what a window has room for if that is less; the first that reaches the part's
     * end is the last. Only the context is cut into windows; the question is the same in all, at most
     * {@code maxQuestionLength} tokens of it.
     *
     * @param question the question's tokens
     * @param context the context's tokens
     * @param part which of them are to be read; if there are none, there is no window
     * @param tokenizer which tokens stand between them
     * @param maxPositions the longest sequence that the model takes
     * @param options the limits
     * @return the windows, in the order of the context
     * @throws InvalidRequestException if the question has no token, if {@code maxSequenceLength} is more than the model
     *     takes, or if it leaves no room for the context
     */
    public static List<Window> cover(
            TokenizedText question,
            TokenizedText context,
            Stretch part,
            Tokenizer tokenizer,
            int maxPositions,
            AnswerOptions options) {
        int room = room(question, maxPositions, options);
        int overlap = options.docStride().orElse(DEFAULT_DOC_STRIDE);
        int step = room - Math.min(overlap, room / 2);
        List<Window> windows = new ArrayList<>();
        for (int first = part.first(); first < part.end(); first += step) {
            Stretch stretch = new Stretch(first, Math.min(part.end(), first + room));
            windows.add(of(question, context, stretch, tokenizer, options));
            if (stretch.end() == part.end()) {
                break;
            }
        }
        return windows;
    }

    /**
     * How many tokens of the context a window has room for.
     *
     * @param question the question's tokens
     * @param maxPositions the longest sequence that the model takes
     * @param options the limits
     * @return at least 1
     * @throws InvalidRequestException as {@link #cover} says
     */
    public static int room(TokenizedText question, int maxPositions, AnswerOptions options) {
        int maxSequenceLength = maxSequenceLength(maxPositions, options);
        int questionTokens = questionTokens(question, options);
        if (questionTokens == 0) {
            throw new InvalidRequestException("the question has no token of the model's vocabulary");
        }
        int room = maxSequenceLength - questionTokens - SPECIAL_TOKENS;
        if (room < 1) {
            throw new InvalidRequestException("maxSequenceLength is " + maxSequenceLength + ", which a question of "
                    + questionTokens + " tokens and " + SPECIAL_TOKENS
                    + " special tokens leave no room in for the context; raise it, or lower maxQuestionLength");
        }
        return room;
    }

    private static int questionTokens(TokenizedText question, AnswerOptions options) {
        return Math.min(question.size(), options.maxQuestionLength());
    }

    private static int maxSequenceLength(int maxPositions, AnswerOptions options) {
        if (options.maxSequenceLength().isEmpty()) {
            return Math.min(DEFAULT_MAX_SEQUENCE_LENGTH, maxPositions);
        }
        int length = options.maxSequenceLength().getAsInt();
        return Ranges.require(
                "maxSequenceLength",
                length,
                AnswerOptions.MIN_SEQUENCE_LENGTH,
                maxPositions,
                InvalidRequestException::new);
    }

    /**
     * The window of a stretch of a context.
     *
     * @param question the question's tokens
     * @param context the context's tokens
     * @param stretch which of them are to be read, no more than there is {@link #room} for
     * @param tokenizer which tokens stand between them
     * @param options the limits
     * @return the window
     */
    public static Window of(
            TokenizedText question,
            TokenizedText context,
            Stretch stretch,
            Tokenizer tokenizer,
            AnswerOptions options) {
        int questionTokens = questionTokens(question, options);
        int[] ids = new int[questionTokens + stretch.tokens() + SPECIAL_TOKENS];
        int contextStart = questionTokens + 2;
        ids[0] = tokenizer.classToken();
        System.arraycopy(question.ids(), 0, ids, 1, questionTokens);
        ids[contextStart - 1] = tokenizer.separatorToken();
        System.arraycopy(context.ids(), stretch.first(), ids, contextStart, stretch.tokens());
        ids[ids.length - 1] = tokenizer.separatorToken();
        return new Window(ids, contextStart, stretch);
    }
}
