package org.distilqa.text;

import java.text.BreakIterator;
import java.util.Locale;

/** What stands around a span of a text. */
final class Surroundings {
    /** How far to look for the ends of a sentence, in UTF-16 units. */
    private static final int REACH = 2000;

    private static final char NEXT_LINE = '\u0085';
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private Surroundings() {}

    static Span line(String text, Span span) {
        check(text, span);
        int start = span.start();
        while (start > 0 && !isLineBreak(text.charAt(start - 1))) {
            start--;
        }
        int end = span.end();
        while (end < text.length() && !isLineBreak(text.charAt(end))) {
            end++;
        }
        return new Span(start, end);
    }

    static Span paragraph(String text, Span span) {
        return paragraph(text, span, text.length());
    }

    static Span sentence(String text, Span span) {
        Span near = paragraph(text, span, REACH);
        Span line = line(text, span);
        if (line.of(text).indexOf('\t') >= 0) {
            // A row of a table, whose cells have tabs between them, is a sentence by itself.
            near = new Span(Math.max(near.start(), line.start()), Math.min(near.end(), line.end()));
        }
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(near.of(text));
        int length = near.end() - near.start();
        // The break at or before the span's first character; the first at or after its end.
        int first = sentences.preceding(Math.min(length, span.start() - near.start() + 1));
        int last = span.end() == near.end() || span.end() == span.start()
                ? length
                : sentences.following(span.end() - near.start() - 1);
        return stripped(text, near.start() + Math.max(0, first), last < 0 ? near.end() : near.start() + last, span);
    }

    /** No further than so many units away from the span. */
    private static Span paragraph(String text, Span span, int reach) {
        check(text, span);
        int least = offSurrogates(text, Math.max(0, span.start() - reach));
        int start = span.start();
        while (start > least
                && !endsParagraph(text, start - 1)
                && !(isLineBreak(text.charAt(start - 1)) && isBlankBefore(text, start - 1))) {
            start--;
        }
        int most = offSurrogates(text, (int) Math.min(text.length(), (long) span.end() + reach));
        int end = span.end();
        while (end < most && !endsParagraph(text, end) && !(isLineBreak(text.charAt(end)) && isBlankAfter(text, end))) {
            end++;
        }
        return stripped(text, start, end, span);
    }

    /** Whether the line that ends with this line break is blank. */
    private static boolean isBlankBefore(String text, int lineBreak) {
        int i = lineBreak;
        if (i > 0 && text.charAt(i) == '\n' && text.charAt(i - 1) == '\r') {
            i--;
        }
        while (i > 0 && isBlank(text.charAt(i - 1))) {
            i--;
        }
        return i == 0 || isLineBreak(text.charAt(i - 1));
    }

    /** Whether the line that begins after this line break is blank. */
    private static boolean isBlankAfter(String text, int lineBreak) {
        int i = lineBreak + 1;
        if (i < text.length() && text.charAt(lineBreak) == '\r' && text.charAt(i) == '\n') {
            i++;
        }
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i == text.length() || isLineBreak(text.charAt(i));
    }

    /** Without blanks around it, but with all of the span. */
    private static Span stripped(String text, int start, int end, Span span) {
        int first = start;
        while (first < span.start() && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        int last = end;
        while (last > span.end() && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        return new Span(first, last);
    }

    /** This place, or the one before where it is in the middle of a character. */
    private static int offSurrogates(String text, int index) {
        boolean middle = index > 0
                && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
        return middle ? index - 1 : index;
    }

    private static boolean isLineBreak(char character) {
        return character == '\n'
                || character == '\r'
                || character == NEXT_LINE
                || character == LINE_SEPARATOR
                || character == PARAGRAPH_SEPARATOR;
    }

    private static boolean endsParagraph(String text, int index) {
        return text.charAt(index) == PARAGRAPH_SEPARATOR;
    }

    private static boolean isBlank(char character) {
        return !isLineBreak(character) && (Character.isWhitespace(character) || Character.isSpaceChar(character));
    }

    private static void check(String text, Span span) {
        if (span.end() > text.length()) {
            throw new IndexOutOfBoundsException(span + " of a text of " + text.length() + " characters");
        }
    }
}
