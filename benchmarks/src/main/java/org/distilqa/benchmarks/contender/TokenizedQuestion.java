package org.distilqa.benchmarks.contender;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distilqa.device.TokenBatch;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/**
 * A question with the windows of its context: what goes through the network when it is answered.
 *
 * @param question the question
 * @param context the paragraph
 * @param windows the windows, in order
 */
public record TokenizedQuestion(String question, String context, List<Window> windows) {
    static final int MAX_SEQUENCE_LENGTH = 384;
    public static final int DOC_STRIDE = 128;
    static final int MAX_QUESTION_LENGTH = 64;
    private static final int SPECIAL_TOKENS = 3;

    /**
     * A window.
     *
     * @param ids the ids of its tokens
     * @param secondSegment the index of the first token of the second segment; the length where the network has one segment
     */
    public record Window(int[] ids, int secondSegment) {}

    public static List<TokenizedQuestion> of(Tokenizer tokenizer, List<Question> questions) {
        return questions.stream()
                .map(question -> new TokenizedQuestion(
                        question.question(),
                        question.context(),
                        windows(tokenizer, question.question(), tokenizer.tokenize(question.context()))))
                .toList();
    }

    /** The question's tokens, as many of them as are looked at. */
    public static int[] asked(Tokenizer tokenizer, String question) {
        int[] ids = tokenizer.tokenize(question).ids();
        return Arrays.copyOf(ids, Math.min(ids.length, MAX_QUESTION_LENGTH));
    }

    /** How many tokens of the context a window has room for. */
    public static int room(int... asked) {
        return MAX_SEQUENCE_LENGTH - asked.length - SPECIAL_TOKENS;
    }

    /** The windows; each begins {@link #room} less {@link #DOC_STRIDE} tokens after the one before. */
    public static List<Window> windows(Tokenizer tokenizer, String question, TokenizedText context) {
        int[] asked = asked(tokenizer, question);
        int room = room(asked);
        List<Window> windows = new ArrayList<>();
        for (int first = 0, end = 0; end < context.size(); first += room - DOC_STRIDE) {
            end = Math.min(context.size(), first + room);
            int[] ids = window(tokenizer, asked, Arrays.copyOfRange(context.ids(), first, end));
            windows.add(new Window(ids, tokenizer.givesTokenTypes() ? asked.length + 2 : ids.length));
        }
        return windows;
    }

    private static int[] window(Tokenizer tokenizer, int[] question, int... context) {
        int[] ids = new int[question.length + context.length + SPECIAL_TOKENS];
        Arrays.fill(ids, tokenizer.separatorToken());
        ids[0] = tokenizer.classToken();
        System.arraycopy(question, 0, ids, 1, question.length);
        System.arraycopy(context, 0, ids, question.length + 2, context.length);
        return ids;
    }

    /** Windows as a device takes them. */
    public static TokenBatch batch(List<Window> windows) {
        return TokenBatch.of(
                windows.stream().map(Window::ids).toList(),
                windows.stream().mapToInt(Window::secondSegment).toArray());
    }
}
