package org.distilqa;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/** A tokenizer for tests: words are runs of letters and digits, tokens their pieces of at most four characters. */
public final class WordTokenizer implements Tokenizer {
    public static final int CLASS = 1;
    public static final int SEPARATOR = 2;
    public static final int VOCABULARY = 40;

    final AtomicInteger closings = new AtomicInteger();

    private final boolean givesTokenTypes;

    public WordTokenizer() {
        this(true);
    }

    WordTokenizer(boolean givesTokenTypes) {
        this.givesTokenTypes = givesTokenTypes;
    }

    @Override
    public TokenizedText tokenize(String text) {
        List<int[]> tokens = new ArrayList<>();
        int word = -1;
        int start = 0;
        while (start < text.length()) {
            if (!Character.isLetterOrDigit(text.charAt(start))) {
                start++;
                continue;
            }
            boolean newWord = start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1));
            word += newWord ? 1 : 0;
            int end = start;
            while (end < text.length() && end < start + 4 && Character.isLetterOrDigit(text.charAt(end))) {
                end++;
            }
            int id = 3 + Math.floorMod(text.substring(start, end).toLowerCase().hashCode(), VOCABULARY - 3);
            tokens.add(new int[] {id, start, end, word});
            start = end;
        }
        return new TokenizedText(column(tokens, 0), column(tokens, 1), column(tokens, 2), column(tokens, 3));
    }

    private static int[] column(List<int[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column]).toArray();
    }

    @Override
    public int classToken() {
        return CLASS;
    }

    @Override
    public int separatorToken() {
        return SEPARATOR;
    }

    @Override
    public int vocabularySize() {
        return VOCABULARY;
    }

    @Override
    public boolean givesTokenTypes() {
        return givesTokenTypes;
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}
