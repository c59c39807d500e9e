package org.distilqa;

import java.util.List;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/**
 * What the network reads at once: {@code [CLS] question [SEP] context [SEP]}, where the context is one or more stretches of
 * the whole, one after another.
 *
 * @param ids the token ids
 * @param contextStart where the context's tokens start in {@code ids}
 * @param stretches which tokens of the context the window has, in this order; at least one
 */
record Window(int[] ids, int contextStart, List<Stretch> stretches) {
    private static final int SPECIAL_TOKENS = 3;
    private static final int DEFAULT_MAX_SEQUENCE_LENGTH = 384;
    private static final int DEFAULT_DOC_STRIDE = 128;

    /**
     * Neighbouring tokens of the context.
     *
     * @param first the number of the first in the whole context, from 0
     * @param end one more than the number of the last
     */
    record Stretch(int first, int end) {
        int tokens() {
            return end - first;
        }
    }

    /**
     * The windows that cover a context: one if it fits, otherwise as {@link Paragraphs#stretches} says, where a paragraph that
     * is too long is cut into windows as long as {@code maxSequenceLength} allows, which share {@code docStride} tokens, or half
     * of what a window has room for if that is less. Only the context is cut into windows; the question is the same in all, at
     * most {@code maxQuestionLength} tokens of it.
     *
     * @param question the question's tokens
     * @param context the context's tokens; if there are none, there is no window
     * @param paragraphs the context's paragraphs
     * @param tokenizer which tokens stand between them
     * @param maxPositions the longest sequence that the model takes
     * @param options the limits
     * @return the windows, in the order of the context
     * @throws InvalidRequestException if the question has no token, if {@code maxSequenceLength} is more than the model
     *     takes, or if it leaves no room for the context
     */
    static List<Window> cover(
            TokenizedText question,
            TokenizedText context,
            Paragraphs paragraphs,
            Tokenizer tokenizer,
            int maxPositions,
            AnswerOptions options) {
        int room = room(question, maxPositions, options);
        int overlap =
                options.docStride().orElse(Math.min(DEFAULT_DOC_STRIDE, maxSequenceLength(maxPositions, options) / 2));
        return paragraphs.stretches(room, Math.min(overlap, room / 2)).stream()
                .map(stretch -> of(question, context, List.of(stretch), tokenizer, options))
                .toList();
    }

    /**
     * How many tokens of the context a window has room for.
     *
     * @throws InvalidRequestException as {@link #cover} says
     */
    static int room(TokenizedText question, int maxPositions, AnswerOptions options) {
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
        AnswerOptions.requireRange("maxSequenceLength", length, AnswerOptions.MIN_SEQUENCE_LENGTH, maxPositions);
        return length;
    }

    /** The window of some stretches of a context, which fit into it. */
    static Window of(
            TokenizedText question,
            TokenizedText context,
            List<Stretch> stretches,
            Tokenizer tokenizer,
            AnswerOptions options) {
        int questionTokens = questionTokens(question, options);
        int tokens = stretches.stream().mapToInt(Stretch::tokens).sum();
        int[] ids = new int[questionTokens + tokens + SPECIAL_TOKENS];
        int contextStart = questionTokens + 2;
        ids[0] = tokenizer.classToken();
        System.arraycopy(question.ids(), 0, ids, 1, questionTokens);
        ids[contextStart - 1] = tokenizer.separatorToken();
        int position = contextStart;
        for (Stretch stretch : stretches) {
            System.arraycopy(context.ids(), stretch.first(), ids, position, stretch.tokens());
            position += stretch.tokens();
        }
        ids[position] = tokenizer.separatorToken();
        return new Window(ids, contextStart, stretches);
    }
}
