package org.distilqa.decoding;

import java.util.Arrays;
import java.util.BitSet;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window.Stretch;

/**
 * The paragraphs of a context. One ends where an empty line follows, or a paragraph separator (U+2029). Those of few tokens are
 * put together with what follows: a headline with what stands below it. Immutable.
 */
final class Paragraphs {
    /** Paragraphs are put together until they have as many tokens. */
    static final int LEAST_TOKENS = 64;

    private static final char NEXT_LINE = '\u0085';
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    /** The first token of each paragraph, and the number of tokens. */
    private final int[] borders;

    private Paragraphs(int... borders) {
        this.borders = borders;
    }

    /** The paragraphs of a context with these tokens. Linear in the context's length. */
    static Paragraphs of(String context, TokenizedText tokens) {
        BitSet borders = new BitSet();
        borders.set(0);
        borders.set(tokens.size());
        int first = 0;
        for (int token = LEAST_TOKENS; token < tokens.size(); token++) {
            if (token - first >= LEAST_TOKENS && isBorder(context, tokens.ends()[token - 1], tokens.starts()[token])) {
                borders.set(token);
                first = token;
            }
        }
        return new Paragraphs(borders.stream().toArray());
    }

    /** Whether there is an empty line, or what separates paragraphs, between two places of a text. */
    private static boolean isBorder(String text, int from, int to) {
        int lineBreaks = 0;
        for (int i = from; i < to && lineBreaks < 2; i++) {
            char character = text.charAt(i);
            if (character == PARAGRAPH_SEPARATOR) {
                return true;
            }
            boolean secondOfTwo = character == '\n' && i > from && text.charAt(i - 1) == '\r';
            if (isLineBreak(character) && !secondOfTwo) {
                lineBreaks++;
            } else if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                lineBreaks = 0;
            }
        }
        return lineBreaks == 2;
    }

    private static boolean isLineBreak(char character) {
        return character == '\n' || character == '\r' || character == NEXT_LINE || character == LINE_SEPARATOR;
    }

    /**
     * The paragraph that a token stands in.
     *
     * @param token the number of a token of the context, from 0
     */
    Stretch at(int token) {
        int found = Arrays.binarySearch(borders, token);
        int paragraph = found >= 0 ? found : -found - 2;
        return new Stretch(borders[paragraph], borders[paragraph + 1]);
    }
}
