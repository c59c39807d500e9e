package org.distilqa.examples;

import java.text.BreakIterator;
import java.util.Locale;

/** A part of a text for a person to read. */
final class Excerpt {
    /** How far to look for the ends of a sentence, in UTF-16 units. */
    private static final int REACH = 200;

    private Excerpt() {}

    /** The sentence around a span, or as much of it as is near, with the span in brackets. */
    static String sentence(String text, int start, int end) {
        int from = offSurrogates(text, Math.max(0, start - REACH));
        int to = offSurrogates(text, Math.min(text.length(), end + REACH));
        String near = text.substring(from, to);
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(near);
        // The break at or before the span's first character; the first at or after its end.
        int first = from + Math.max(0, sentences.preceding(Math.min(near.length(), start - from + 1)));
        int next = end - from >= near.length() ? near.length() : sentences.following(end - from - 1);
        int last = from + next;
        String before = (first > 0 && first == from ? "..." : "") + text.substring(first, start);
        String after = text.substring(end, last) + (last < text.length() && last == to ? "..." : "");
        return onOneLine(before + "[" + text.substring(start, end) + "]" + after);
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
        return text.replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029]+", " ").strip();
    }
}
