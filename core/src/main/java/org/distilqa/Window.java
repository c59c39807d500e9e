package org.distilqa;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/**
 * A stretch of the context that the network reads at once, after the question: {@code [CLS] question [SEP] context [SEP]}.
 *
 * @param ids the token ids
 * @param contextStart where the context's tokens start in {@code ids}
 * @param firstToken the number of that token in the whole context
 * @param tokens how many tokens of the context the window has, at least 1
 */
record Window(int[] ids, int contextStart, int firstToken, int tokens) {
    private static final int SPECIAL_TOKENS = 3;
    private static final int DEFAULT_MAX_SEQUENCE_LENGTH = 384;
    private static final int DEFAULT_DOC_STRIDE = 128;

    /**
     * The windows that cover a context: each as long as {@code maxSequenceLength} allows, neighbours sharing
     * {@code docStride} tokens; the first that reaches the context's end is the last. Only the context is cut into windows;
     * the question is the same in all, at most {@code maxQuestionLength} tokens of it.
     *
     * @param question the question's tokens
     * @param context the context's tokens; if there are none, there is no window
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
            Tokenizer tokenizer,
            int maxPositions,
            AnswerOptions options) {
        int maxSequenceLength = maxSequenceLength(maxPositions, options);
        int questionTokens = Math.min(question.size(), options.maxQuestionLength());
        if (questionTokens == 0) {
            throw new InvalidRequestException("the question has no token of the model's vocabulary");
        }
        int room = maxSequenceLength - questionTokens - SPECIAL_TOKENS;
        if (room < 1) {
            throw new InvalidRequestException("maxSequenceLength is " + maxSequenceLength + ", which a question of "
                    + questionTokens + " tokens and " + SPECIAL_TOKENS
                    + " special tokens leave no room in for the context; raise it, or lower maxQuestionLength");
        }
        int overlap = options.docStride().orElse(Math.min(DEFAULT_DOC_STRIDE, maxSequenceLength / 2));
        int step = overlap < room ? room - overlap : room - room / 2;
        List<Window> windows = new ArrayList<>();
        for (int first = 0; first < context.size(); first += step) {
            int tokens = Math.min(room, context.size() - first);
            windows.add(of(question, questionTokens, context, first, tokens, tokenizer));
            if (first + tokens == context.size()) {
                break;
            }
        }
        return windows;
    }

    private static int maxSequenceLength(int maxPositions, AnswerOptions options) {
        if (options.maxSequenceLength().isEmpty()) {
            return Math.min(DEFAULT_MAX_SEQUENCE_LENGTH, maxPositions);
        }
        int length = options.maxSequenceLength().getAsInt();
        AnswerOptions.requireRange("maxSequenceLength", length, AnswerOptions.MIN_SEQUENCE_LENGTH, maxPositions);
        return length;
    }

    private static Window of(
            TokenizedText question,
            int questionTokens,
            TokenizedText context,
            int first,
            int tokens,
            Tokenizer tokenizer) {
        int[] ids = new int[questionTokens + tokens + SPECIAL_TOKENS];
        int contextStart = questionTokens + 2;
        ids[0] = tokenizer.classToken();
        System.arraycopy(question.ids(), 0, ids, 1, questionTokens);
        ids[contextStart - 1] = tokenizer.separatorToken();
        System.arraycopy(context.ids(), first, ids, contextStart, tokens);
        ids[ids.length - 1] = tokenizer.separatorToken();
        return new Window(ids, contextStart, first, tokens);
    }
}
