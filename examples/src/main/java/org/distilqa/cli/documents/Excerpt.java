package org.distilqa.cli.documents;

import org.distilqa.cli.options.Colours;
import org.distilqa.text.Span;

/** A part of a text for a person to read. */
final class Excerpt {
    private Excerpt() {}

    /**
     * A part of a text on one line, with a span of it marked.
     *
     * @param reach how much of it to show at most to either side of the span, in UTF-16 units
     */
    static String of(String text, Span part, Span span, int reach, Colours colours) {
        int from = offSurrogates(text, Math.max(part.start(), span.start() - reach));
        int to = offSurrogates(text, (int) Math.min(part.end(), (long) span.end() + reach));
        String before = (from > part.start() ? "..." : "") + onOneLine(text.substring(from, span.start()));
        String after = onOneLine(text.substring(span.end(), to)) + (to < part.end() ? "..." : "");
        return before.stripLeading() + colours.marked(onOneLine(span.of(text))) + after.stripTrailing();
    }

    /** This place, or the one before where it is in the middle of a character. */
    private static int offSurrogates(String text, int index) {
        boolean middle = index > 0
                && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
        return middle ? index - 1 : index;
    }

    /** Line breaks and other control characters become blanks. */
    static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029]+", " ");
    }
}
