package org.distilqa.search;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into passages: its paragraphs. Paragraphs that are short are put together with what follows, a headline with what
 * stands below it; long ones are cut at the ends of sentences into parts that overlap. Every character that is no white space
 * stands in a passage. Immutable, thread-safe.
 */
final class PassageSplitter {
    /** What ends a paragraph: an empty line, or a paragraph separator. */
    private static final Pattern PARAGRAPH_END = Pattern.compile(
            "(?:\\r\\n|[\\n\\r\\u0085\\u2028])[\\s\\u00a0]*?(?:\\r\\n|[\\n\\r\\u0085\\u2028])|\\u2029|\\f");

    private final int least;
    private final int longest;
    private final int overlap;

    /**
     * A stretch of a text.
     *
     * @param start where it starts, in UTF-16 units
     * @param end where it ends, exclusive
     */
    record Stretch(int start, int end) {
        int length() {
            return end - start;
        }
    }

    /**
     * @param least paragraphs are put together until they have as many characters
     * @param longest the longest passage, in characters
     * @param overlap how many characters two parts of a long paragraph share at most; less than half of the longest passage
     */
    PassageSplitter(int least, int longest, int overlap) {
        this.least = least;
        this.longest = longest;
        this.overlap = overlap;
    }

    /** Passages of at most so many characters, with the shortest ones and the overlap that go with it. */
    static PassageSplitter ofLength(int longest) {
        return new PassageSplitter(longest / 6, longest, longest / 5);
    }

    /** The passages of a text in its order, without white space around them. Linear in the text's length. */
    List<Stretch> split(String text) {
        List<Stretch> passages = new ArrayList<>();
        Stretch pending = null;
        for (Stretch paragraph : paragraphs(text)) {
            Stretch joined = pending == null ? paragraph : new Stretch(pending.start(), paragraph.end());
            if (pending != null && joined.length() > longest) {
                passages.add(pending);
                joined = paragraph;
            }
            if (joined.length() > longest) {
                passages.addAll(parts(text, joined));
                pending = null;
            } else if (joined.length() >= least) {
                passages.add(joined);
                pending = null;
            } else {
                pending = joined;
            }
        }
        if (pending != null) {
            passages.add(pending);
        }
        return passages;
    }

    private static List<Stretch> paragraphs(String text) {
        List<Stretch> paragraphs = new ArrayList<>();
        Matcher ends = PARAGRAPH_END.matcher(text);
        int start = 0;
        while (ends.find()) {
            addTrimmed(paragraphs, text, start, ends.start());
            start = ends.end();
        }
        addTrimmed(paragraphs, text, start, text.length());
        return paragraphs;
    }

    /** The parts of a paragraph that is too long, each of whole sentences as far as these fit. */
    private List<Stretch> parts(String text, Stretch paragraph) {
        List<Stretch> sentences = sentences(text, paragraph);
        List<Stretch> parts = new ArrayList<>();
        int first = 0;
        while (first < sentences.size()) {
            int start = sentences.get(first).start();
            int next = first + 1;
            while (next < sentences.size() && sentences.get(next).end() - start <= longest) {
                next++;
            }
            addTrimmed(parts, text, start, sentences.get(next - 1).end());
            if (next == sentences.size()) {
                break;
            }
            int end = sentences.get(next - 1).end();
            int back = next;
            // What is shared leaves room for the next sentence, so that each part goes on further than the one before.
            while (back - 1 > first
                    && end - sentences.get(back - 1).start() <= overlap
                    && sentences.get(next).end() - sentences.get(back - 1).start() <= longest) {
                back--;
            }
            first = back;
        }
        return parts;
    }

    private List<Stretch> sentences(String text, Stretch paragraph) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text.substring(paragraph.start(), paragraph.end()));
        List<Stretch> sentences = new ArrayList<>();
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            addPieces(sentences, text, paragraph.start() + start, paragraph.start() + end);
        }
        return sentences;
    }

    /** A sentence, or, where it is longer than half a passage, pieces of it that end at white space where there is some. */
    private void addPieces(List<Stretch> pieces, String text, int from, int to) {
        int piece = Math.max(1, overlap);
        int start = from;
        while (to - start > longest / 2) {
            int end = start + piece;
            while (end > start + piece / 2 && !Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (end == start + piece / 2) {
                end = start + piece;
            }
            if (end < to && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end))) {
                end++;
            }
            pieces.add(new Stretch(start, end));
            start = end;
        }
        if (start < to) {
            pieces.add(new Stretch(start, to));
        }
    }

    private static void addTrimmed(List<Stretch> stretches, String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            stretches.add(new Stretch(start, end));
        }
    }

    private static boolean isBlank(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == '\ufeff';
    }

    @Override
    public String toString() {
        return "passages of " + least + " to " + longest + " characters, parts sharing " + overlap;
    }
}
