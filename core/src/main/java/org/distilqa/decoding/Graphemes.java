package org.distilqa.decoding;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reader takes for one character, an extended grapheme cluster of Unicode's annex 29: a letter with its accents or vowel
 * signs, an emoji of several joined ones.
 */
final class Graphemes {
    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private Graphemes() {}

    /** The extent with the whole of the clusters that it begins and ends in. */
    static AnswerBoundaries.Extent widen(String text, AnswerBoundaries.Extent extent) {
        int start = extent.start();
        int end = extent.end();
        if (isSurelyBetween(text, start) && isSurelyBetween(text, end)) {
            return extent;
        }
        return new AnswerBoundaries.Extent(
                clusterAround(text, start).start(), clusterAround(text, end).end());
    }

    /** The cluster that an offset is inside of, or nothing, at the offset, if it is between two. */
    private static AnswerBoundaries.Extent clusterAround(String text, int offset) {
        // Clusters can only be told from a place that is certain; it is near.
        int certain = offset;
        while (!isSurelyBetween(text, certain)) {
            certain--;
        }
        Matcher cluster = CLUSTER.matcher(text).region(certain, text.length());
        int start = certain;
        int end = certain;
        while (end < offset && cluster.find()) {
            start = cluster.start();
            end = cluster.end();
        }
        return end == offset ? new AnswerBoundaries.Extent(offset, offset) : new AnswerBoundaries.Extent(start, end);
    }

    private static boolean isSurelyBetween(String text, int offset) {
        if (offset == 0 || offset == text.length()) {
            return true;
        }
        char before = text.charAt(offset - 1);
        char after = text.charAt(offset);
        return standsAlone(before) && standsAlone(after) && !(before == '\r' && after == '\n');
    }

    /**
     * Whether a UTF-16 unit never joins another of this kind (but a carriage return a line feed): what stands before the
     * combining marks, and letters and digits without the few that do join.
     */
    private static boolean standsAlone(char unit) {
        if (unit < '\u0300') {
            return true;
        }
        boolean joins = unit >= '\u1100' && unit <= '\u11ff' // the parts of Korean syllables
                || unit >= '\ua960' && unit <= '\ua97f'
                || unit >= '\ud7b0' && unit <= '\ud7ff'
                || unit == '\u0e33' // the Thai and the Lao am
                || unit == '\u0eb3'
                || unit == '\u0d4e' // the Malayalam dotted reph, which joins what follows
                || unit == '\uff9e' // the halfwidth Japanese voiced sound marks
                || unit == '\uff9f';
        return !joins && Character.isLetterOrDigit(unit);
    }
}
