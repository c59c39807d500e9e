package org.distilqa.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * Finds for each character of a decoded text what it was written as: itself, a character reference of HTML ({@code &eacute;},
 * {@code &#233;}), or a sign after the backslash of Markdown.
 */
final class References {
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#[xX][0-9a-fA-F]{1,8}|#[0-9]{1,8}|[a-zA-Z][a-zA-Z0-9]{0,40});?");

    /** How far to look for a character that the parser has left others out before. */
    private static final int REACH = 16;

    private final Source written;
    private final String raw;
    private final Writing writing;
    private final int[] starts;
    private final int[] ends;

    /** How characters are written. */
    enum Writing {
        HTML(true, ""),
        MARKDOWN(true, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        CODE(false, ""),
        /** A cell ends where a bar stands, in code too. */
        CODE_IN_A_CELL(false, "|");

        /** Whether there are character references. */
        private final boolean references;

        /** What may stand after a backslash that stands for nothing. */
        private final String escaped;

        Writing(boolean references, String escaped) {
            this.references = references;
            this.escaped = escaped;
        }
    }

    private References(Source written, int length, Writing writing) {
        this.written = written;
        this.raw = written.text();
        this.writing = writing;
        this.starts = new int[length];
        this.ends = new int[length];
    }

    /**
     * A text with what its characters stand for.
     *
     * @param written what is in the file; it may go on behind the text's end
     * @param text what a parser made of it
     * @param writing how it is written there
     */
    static Source align(Source written, String text, Writing writing) {
        if (written.text().startsWith(text) && text.indexOf('&') < 0 && text.indexOf('\\') < 0) {
            return written.slice(0, text.length());
        }
        References references = new References(written, text.length(), writing);
        references.align(text);
        return Source.of(text, references.starts, references.ends);
    }

    private void align(String text) {
        int from = 0;
        for (int i = 0; i < text.length(); ) {
            String character = text.substring(i, i + 1);
            if (writing.references && from < raw.length() && raw.charAt(from) == '&') {
                Matcher reference = REFERENCE.matcher(raw).region(from, raw.length());
                String decoded = reference.lookingAt() ? decoded(reference.group()) : "";
                if (!decoded.isEmpty() && text.startsWith(decoded, i)) {
                    int length = length(reference.group(), decoded);
                    put(i, decoded.length(), from, from + length);
                    i += decoded.length();
                    from += length;
                    continue;
                }
            }
            if (isEscape(from) && raw.charAt(from + 1) == text.charAt(i)) {
                put(i, 1, from, from + 2);
                from += 2;
            } else {
                int found = found(character, from);
                put(i, 1, found < 0 ? from : found, found < 0 ? from : found + 1);
                from = found < 0 ? from : found + 1;
            }
            i++;
        }
    }

    private boolean isEscape(int index) {
        return index + 1 < raw.length()
                && raw.charAt(index) == '\\'
                && writing.escaped.indexOf(raw.charAt(index + 1)) >= 0;
    }

    /** Where a character stands from a place on; -1 if it is not near. A line break may stand for a blank. */
    private int found(String character, int from) {
        if (from < raw.length()
                && (raw.startsWith(character, from)
                        || character.isBlank() && Character.isWhitespace(raw.charAt(from)))) {
            return from;
        }
        int found = raw.substring(Math.min(from, raw.length()), Math.min(raw.length(), from + REACH))
                .indexOf(character);
        return found < 0 ? -1 : from + found;
    }

    /** What a reference stands for, without what follows its end; empty if it is none. */
    private static String decoded(String reference) {
        String decoded = Parser.unescapeEntities(reference, false);
        return decoded.equals(reference) ? "" : decoded.substring(0, decoded.length() - rest(reference, decoded));
    }

    private static int length(String reference, String decoded) {
        String whole = Parser.unescapeEntities(reference, false);
        return reference.length() - (whole.length() - decoded.length());
    }

    /** How much of what looks like a reference is not part of it: {@code &ampfoo} is a reference and three letters. */
    private static int rest(String reference, String decoded) {
        int rest = 0;
        while (rest + 1 < decoded.length()
                && decoded.charAt(decoded.length() - 1 - rest) == reference.charAt(reference.length() - 1 - rest)
                && reference.charAt(reference.length() - 1 - rest) != ';') {
            rest++;
        }
        return rest;
    }

    private void put(int index, int count, int from, int to) {
        int start = from < written.length()
                ? written.start(from)
                : written.length() == 0 ? 0 : written.end(written.length() - 1);
        int end = to > from ? written.end(to - 1) : start;
        for (int i = index; i < index + count; i++) {
            starts[i] = start;
            ends[i] = end;
        }
    }
}
