package org.distilqa.window;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.QuestionRequest;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.window.Window.Stretch;

/**
 * The tokens of a request's passages, each tokenized by itself, so that no token and no word goes over the border of two.
 *
 * @param tokens the tokens of all, at their places in the context
 * @param passages which tokens are each passage's
 */
public record PassageTokens(TokenizedText tokens, List<Stretch> passages) {

    /**
     * Tokenizes the passages of a request, as {@link ReadableText} does.
     *
     * @param request the request
     * @param tokenizer splits the texts
     * @return the tokens of all its passages
     */
    public static PassageTokens of(QuestionRequest request, Tokenizer tokenizer) {
        List<TokenizedText> texts = request.passages().stream()
                .map(passage -> ReadableText.tokenize(tokenizer, passage))
                .toList();
        if (texts.size() == 1) {
            TokenizedText whole = texts.get(0);
            return new PassageTokens(whole, List.of(new Stretch(0, whole.size())));
        }
        return joined(texts, request.passageStarts());
    }

    private static PassageTokens joined(List<TokenizedText> texts, int... passageStarts) {
        int size = texts.stream().mapToInt(TokenizedText::size).sum();
        int[] ids = new int[size];
        int[] starts = new int[size];
        int[] ends = new int[size];
        int[] words = new int[size];
        List<Stretch> passages = new ArrayList<>(texts.size());
        int first = 0;
        int firstWord = 0;
        for (int passage = 0; passage < texts.size(); passage++) {
            TokenizedText text = texts.get(passage);
            System.arraycopy(text.ids(), 0, ids, first, text.size());
            shift(text.starts(), passageStarts[passage], starts, first);
            shift(text.ends(), passageStarts[passage], ends, first);
            shift(text.words(), firstWord, words, first);
            passages.add(new Stretch(first, first + text.size()));
            first += text.size();
            firstWord = first == 0 ? 0 : words[first - 1] + 1;
        }
        return new PassageTokens(new TokenizedText(ids, starts, ends, words), passages);
    }

    private static void shift(int[] from, int by, int[] to, int first) {
        for (int i = 0; i < from.length; i++) {
            to[first + i] = from[i] + by;
        }
    }
}
