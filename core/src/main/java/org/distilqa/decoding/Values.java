package org.distilqa.decoding;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.decoding.AnswerBoundaries.Extent;

/**
 * Values that BERT's tokenizer takes for several words, since they have punctuation within: numbers with a sign or a comma,
 * addresses, names of files, abbreviations. They have no white space; the punctuation and the quotes around them are no part of
 * them.
 */
final class Values {
    /** A longer run of characters without white space is looked at this far from where an answer begins or ends. */
    private static final int REACH = 256;

    /** What may stand before a value, if anything does. */
    private static final String BEGIN = "(?<![\\p{L}\\p{N}_.,:/@-])";

    private static final String NAME = "[\\p{L}\\p{N}_-]+";

    /** What every value has one of, if it has no digit and does not begin with a hyphen. */
    private static final String SIGNS = "@/\\_.";

    private static final String RANGE_END = "\\d+(?:[.,]\\d+)*%?";

    private static final List<Pattern> KINDS = List.of(
            // -40, >3, <95%, $1,299.50, 10:30, 3:1, 1/2, 12/31/1999, #42, 2.2
            pattern(BEGIN + "[<>~]?=?[+\u2212-]?[\\p{Sc}#]?[+\u2212-]?\\d+(?:[.,:/]\\d+)*%?(?![\\p{L}\\p{N}])"),
            // 2026-11-26, 555-010-9999
            pattern(BEGIN + "\\d+(?:-\\d+){2,}(?![\\p{L}\\p{N}])"),
            // 10-20, 1.5\u20132.5%; not 1914\u20131918, since one asks for the years of those
            pattern(BEGIN + "(?!\\d{4}[\u2013-])" + RANGE_END + "[\u2013-]" + RANGE_END + "(?![\\p{L}\\p{N}])"),
            // v1.2, 1.2.3-rc.1
            pattern(BEGIN + "v?\\d+(?:\\.\\d+)+(?:-(?:alpha|beta|rc|m|pre|dev|snapshot)[.\\d]*)?(?![\\p{L}\\p{N}])"),
            // ada.quill@example.org
            pattern("[\\p{L}\\p{N}._%+-]+@" + NAME + "(?:\\." + NAME + ")*"),
            // https://example.org/a?b=c, www.example.org
            pattern("(?:[a-z]+://|www\\.)[^\\s<>\"'\u201d\u2019)\\]]*[\\p{L}\\p{N}/=_&#-]"),
            // server.conf, org.distilqa.core, PHOTO.JPG
            pattern(NAME + "(?:\\.(?:[\\p{Ll}_][\\p{L}\\p{N}_-]*|\\p{Lu}{2,4}(?![\\p{L}\\p{N}])))+"),
            // .profile
            pattern("(?<!\\S)\\.\\p{L}" + NAME),
            // /etc/server.conf, C:\\temp
            pattern("(?<![\\p{L}\\p{N}_.:-])(?:~|\\p{L}:)?(?:[/\\\\][\\p{L}\\p{N}._-]*[\\p{L}\\p{N}_-])+[/\\\\]?"),
            // src/main/java; not he/she
            pattern(NAME + "(?:/[\\p{L}\\p{N}._-]*[\\p{L}\\p{N}_-]){2,}"),
            // max_sequence_length
            pattern("_*[\\p{L}\\p{N}]+(?:_+[\\p{L}\\p{N}]+)+"),
            // --top-k
            pattern("(?<![^\\s(\\[])--?\\p{L}[\\p{L}\\p{N}-]*"),
            // U.S., Ph.D.
            pattern("(?<![\\p{L}\\p{N}])\\p{L}{1,2}\\.(?:\\p{L}\\.)+"));

    private Values() {}

    private static Pattern pattern(String expression) {
        return Pattern.compile(expression);
    }

    /** The extent with the whole of the values that it begins and ends in. */
    static Extent widen(String text, Extent extent) {
        int start = extent.start();
        int end = extent.end();
        if (mayBeInValue(text, start)) {
            start = valueAround(text, start).start();
        }
        if (mayBeInValue(text, end)) {
            end = valueAround(text, end).end();
        }
        return new Extent(start, end);
    }

    /**
     * Whether it is worth to look. Most answers stand between white space, quotes, brackets, commas and full stops, of which a
     * value has none at its ends, but the full stop of an abbreviation.
     */
    private static boolean mayBeInValue(String text, int offset) {
        if (offset == 0 || offset == text.length()) {
            return false;
        }
        char before = text.charAt(offset - 1);
        char after = text.charAt(offset);
        if (Character.isWhitespace(before) || Character.isWhitespace(after) || isBracketOrQuote(before)) {
            return false;
        }
        boolean last = offset + 1 == text.length() || Character.isWhitespace(text.charAt(offset + 1));
        return switch (after) {
            case '.' -> !last || Character.isLetter(before);
            case ',', ';', ':', '!', '?' -> !last;
            default -> !isBracketOrQuote(after);
        };
    }

    /** Whether there is more than letters with hyphens between them and a full stop at their end. */
    private static boolean hasSignOfValue(String text, int from, int to) {
        if (text.charAt(from) == '-') {
            return true;
        }
        for (int i = from; i < to; i++) {
            char character = text.charAt(i);
            if (Character.isDigit(character) || SIGNS.indexOf(character) >= 0 && (character != '.' || i + 1 < to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBracketOrQuote(char character) {
        return switch (Character.getType(character)) {
            case Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION -> true;
            default -> character == '"' || character == '\'';
        };
    }

    /** Where the characters without white space before an offset start. */
    private static int runStart(String text, int offset) {
        int start = offset;
        while (start > 0 && offset - start < REACH && !Character.isWhitespace(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Where the characters without white space after an offset end. */
    private static int runEnd(String text, int offset) {
        int end = offset;
        while (end < text.length() && end - offset < REACH && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The longest values of any kind that an offset is inside of, taken together; empty, at the offset, if there is none. */
    private static Extent valueAround(String text, int offset) {
        int from = runStart(text, offset);
        int to = runEnd(text, offset);
        int start = offset;
        int end = offset;
        if (!hasSignOfValue(text, from, to)) {
            return new Extent(offset, offset);
        }
        for (Pattern kind : KINDS) {
            Matcher value = kind.matcher(text).region(from, to).useTransparentBounds(true);
            while (value.find() && value.start() < offset) {
                if (value.end() > offset) {
                    start = Math.min(start, value.start());
                    end = Math.max(end, value.end());
                }
            }
        }
        return new Extent(start, end);
    }
}
