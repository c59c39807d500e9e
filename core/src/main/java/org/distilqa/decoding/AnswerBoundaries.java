package org.distilqa.decoding;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.tokenizer.TokenizedText;

/** Where the text of a span begins and ends: at whole words and values if so asked, and never inside a character. */
final class AnswerBoundaries {
    private static final int LONGEST_TAG = 16;

    /** The name of a tag with the signs around it, but not its attributes, which can answer a question. */
    private static final Pattern TAG = Pattern.compile(
            "</?(?:a|abbr|b|blockquote|body|br|button|caption|center|cite|code|col|dd|del|div|dl|dt|em"
                    + "|font|footer|form|h[1-6]|head|header|hr|html|i|img|input|label|li|link|main|meta|nav|ol|option|p|pre|script|section"
                    + "|select|small|span|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var)(?:\\s*/?>|(?=\\s))",
            Pattern.CASE_INSENSITIVE);

    private static final BitSet PUNCTUATION = new BitSet();

    static {
        PUNCTUATION.set(Character.CONNECTOR_PUNCTUATION);
        PUNCTUATION.set(Character.DASH_PUNCTUATION);
        PUNCTUATION.set(Character.START_PUNCTUATION);
        PUNCTUATION.set(Character.END_PUNCTUATION);
        PUNCTUATION.set(Character.INITIAL_QUOTE_PUNCTUATION);
        PUNCTUATION.set(Character.FINAL_QUOTE_PUNCTUATION);
        PUNCTUATION.set(Character.OTHER_PUNCTUATION);
    }

    private final String context;
    private final TokenizedText tokens;
    private final boolean alignToWords;

    /**
     * A stretch of the context.
     *
     * @param start where it starts, in UTF-16 units
     * @param end where it ends, exclusive
     */
    record Extent(int start, int end) {}

    AnswerBoundaries(String context, TokenizedText tokens, boolean alignToWords) {
        this.context = context;
        this.tokens = tokens;
        this.alignToWords = alignToWords;
    }

    /** The extent of the span from one token to another, both within it; empty if the tokens stand for no text. */
    Extent of(int firstToken, int lastToken) {
        int start = tokens.starts()[alignToWords ? firstTokenOfWord(firstToken) : firstToken];
        int end = tokens.ends()[alignToWords ? lastTokenOfWord(lastToken) : lastToken];
        if (start >= end) {
            return new Extent(start, start);
        }
        Extent extent = new Extent(start, end);
        if (alignToWords) {
            extent = Values.widen(context, extent);
        }
        return Graphemes.widen(context, extent);
    }

    private int firstTokenOfWord(int token) {
        int[] words = tokens.words();
        int first = token;
        while (first > 0 && words[first - 1] == words[token]) {
            first--;
        }
        return first;
    }

    private int lastTokenOfWord(int token) {
        int[] words = tokens.words();
        int last = token;
        while (last + 1 < words.length && words[last + 1] == words[token]) {
            last++;
        }
        return last;
    }

    /** Whether an extent says anything: a token without text, punctuation alone and a tag of HTML do not. */
    boolean canAnswer(Extent extent) {
        return !isPunctuation(extent) && !isTag(extent);
    }

    private boolean isPunctuation(Extent extent) {
        for (int i = extent.start(); i < extent.end(); i++) {
            if (!PUNCTUATION.get(Character.getType(context.charAt(i))) && !Character.isWhitespace(context.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isTag(Extent extent) {
        int open = extent.start();
        while (context.charAt(open) != '<') {
            open--;
            if (open < 0 || open < extent.start() - 2) {
                return false;
            }
        }
        Matcher tag = TAG.matcher(context).region(open, Math.min(context.length(), extent.end() + LONGEST_TAG));
        return tag.lookingAt() && tag.end() >= extent.end();
    }
}
