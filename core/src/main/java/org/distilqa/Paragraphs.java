package org.distilqa;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.Window.Stretch;
import org.distilqa.tokenizer.TokenizedText;

/**
 * The paragraphs of a context, and the stretches of it that are read. The network learned from paragraphs: of a piece that begins
 * in the middle of one and ends in the middle of another it knows less. So a context that does not fit into one window is cut
 * where its paragraphs end, and only a paragraph that does not fit is cut within. docs/decoding.md has the figures.
 *
 * <p>A paragraph ends where an empty line or a paragraph separator (U+2029) follows. Immutable.
 */
final class Paragraphs {
    /** Paragraphs are put together until they have as many tokens: a headline is read with what stands below it. */
    static final int LEAST_TOKENS = 32;

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
        List<Integer> borders = new ArrayList<>();
        for (int token = 0; token < tokens.size(); token++) {
            if (token == 0 || isBorder(context, tokens.ends()[token - 1], tokens.starts()[token])) {
                borders.add(token);
            }
        }
        borders.add(tokens.size());
        return new Paragraphs(borders.stream().mapToInt(Integer::intValue).toArray());
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
     * The stretches that cover the context, in its order; none if it has no token. One if it fits. Otherwise whole paragraphs, as
     * few of them as have {@value #LEAST_TOKENS} tokens; a paragraph that is longer than {@code room} is cut into stretches of
     * that length which share {@code overlap} tokens.
     *
     * @param room how many tokens a stretch has at most
     * @param overlap less than {@code room}
     */
    List<Stretch> stretches(int room, int overlap) {
        List<Stretch> stretches = new ArrayList<>();
        int tokens = borders[borders.length - 1];
        int least = tokens <= room ? tokens : Math.min(LEAST_TOKENS, room);
        int first = 0;
        for (int paragraph = 1; paragraph < borders.length; paragraph++) {
            int start = borders[paragraph - 1];
            int end = borders[paragraph];
            if (first < start && end - start <= room && end - first > room) {
                stretches.add(new Stretch(first, start));
                first = start;
            }
            if (end - first >= least || end == tokens) {
                cut(new Stretch(first, end), room, overlap, stretches);
                first = end;
            }
        }
        return stretches;
    }

    private static void cut(Stretch whole, int room, int overlap, List<Stretch> stretches) {
        int first = whole.first();
        while (whole.end() - first > room) {
            stretches.add(new Stretch(first, first + room));
            first += room - overlap;
        }
        stretches.add(new Stretch(first, whole.end()));
    }
}
