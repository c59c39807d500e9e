package org.distilqa.window;

import org.distilqa.tokenizer.Tokenizer;

/**
 * Tells a word that was hyphenated because its line ended from a compound whose own hyphen stands there.
 *
 * <p>A hyphen at a line's end is looked at only if at least two letters stand before it and at least two on the next line,
 * the first of those in lower case, and the whole has no other hyphen, digit or character of an address. Then the vocabulary
 * decides: the hyphen and the line's end are left out if that makes the word better known, that is if the joined word has
 * fewer tokens than its two parts; of equally many, unless both parts are words of the vocabulary themselves. So "infor-
 * mation" is read as information and "inter- national" as international, while "well- known" and "part- time" stay as they
 * are. A soft hyphen is never a compound's own.
 */
final class LineEndHyphen {
    private static final char HYPHEN_MINUS = '-';
    private static final char SOFT_HYPHEN = '\u00AD';
    private static final char HYPHEN = '\u2010';

    private static final int SHORTEST_PART = 2;

    /** The longest word of a dictionary is shorter; it keeps a text without spaces from being looked at again and again. */
    private static final int LONGEST_PART = 64;

    /** Beside a word, these make it a part of something larger, which is left as it is. */
    private static final String JOINTS = "-_/\\@.:~#&=\u2010\u2011";

    /** Tabs, form feeds (a page ends there) and no-break spaces among them. */
    private static final String SPACES = " \t\f\u00A0";

    private LineEndHyphen() {}

    static boolean is(char unit) {
        return unit == HYPHEN_MINUS || unit == SOFT_HYPHEN || unit == HYPHEN;
    }

    /**
     * Where the word goes on whose line ends with the hyphen at {@code i}.
     *
     * @return the start of its rest on the next line; of a soft hyphen elsewhere, the place after it; {@code i} where the
     *     hyphen is to be read
     */
    static int end(String text, int i, Tokenizer tokenizer) {
        boolean soft = text.charAt(i) == SOFT_HYPHEN;
        int unread = soft ? i + 1 : i;
        int next = nextLine(text, i + 1);
        if (next < 0 || !Character.isLowerCase(text.codePointAt(next))) {
            return unread;
        }
        int start = wordStart(text, i);
        int end = wordEnd(text, next);
        if (soft) {
            return start < i ? next : unread;
        }
        if (isPart(i - start)
                && isPart(end - next)
                && !isJoint(text, start - 1)
                && !isJointAfter(text, end)
                && isBetterKnown(text.substring(start, i), text.substring(next, end), tokenizer)) {
            return next;
        }
        return unread;
    }

    private static boolean isPart(int letters) {
        return letters >= SHORTEST_PART && letters <= LONGEST_PART;
    }

    /** The first character of the next line that is no space, if nothing but spaces stands before the line's end, or -1. */
    private static int nextLine(String text, int from) {
        int i = skipSpaces(text, from);
        if (i < text.length() && text.charAt(i) == '\r') {
            i++;
            i += i < text.length() && text.charAt(i) == '\n' ? 1 : 0;
        } else if (i < text.length() && text.charAt(i) == '\n') {
            i++;
        } else {
            return -1;
        }
        int next = skipSpaces(text, i);
        return next < text.length() ? next : -1;
    }

    private static int skipSpaces(String text, int from) {
        int i = from;
        while (i < text.length() && SPACES.indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private static int wordStart(String text, int end) {
        int start = end;
        while (start > 0 && end - start <= LONGEST_PART && isLetter(text.codePointBefore(start))) {
            start -= Character.charCount(text.codePointBefore(start));
        }
        return start;
    }

    private static int wordEnd(String text, int start) {
        int end = start;
        while (end < text.length() && end - start <= LONGEST_PART && isLetter(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    /** A letter, or an accent on one. */
    private static boolean isLetter(int character) {
        return Character.isLetter(character) || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    private static boolean isJoint(String text, int i) {
        return i >= 0
                && i < text.length()
                && (JOINTS.indexOf(text.charAt(i)) >= 0 || Character.isDigit(text.charAt(i)));
    }

    /** What ends a sentence after a word is followed by white space; between letters it joins them. */
    private static boolean isJointAfter(String text, int i) {
        return isJoint(text, i) && i + 1 < text.length() && !Character.isWhitespace(text.charAt(i + 1));
    }

    private static boolean isBetterKnown(String left, String right, Tokenizer tokenizer) {
        int apart = tokens(left, tokenizer) + tokens(right, tokenizer);
        int joined = tokens(left + right, tokenizer);
        return joined < apart || joined == apart && joined > 2;
    }

    private static int tokens(String word, Tokenizer tokenizer) {
        return tokenizer.tokenize(Ligatures.spelledOut(word)).size();
    }
}
