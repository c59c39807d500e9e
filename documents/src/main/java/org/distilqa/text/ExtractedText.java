package org.distilqa.text;

import java.util.Arrays;
import java.util.List;

/** Puts a text together from pieces of a file and keeps where each comes from. */
final class ExtractedText {
    /** The shorter before the longer. */
    private static final List<String> SEPARATORS = List.of("", " ", "\t", "\n", "\n\n");

    private final StringBuilder text = new StringBuilder();

    private int[] starts = new int[16];
    private int[] fileStarts = new int[16];
    private int[] fileEnds = new int[16];
    private int pieces;

    /** What separates what was added last from what is added next, and where it stands; empty if nothing does. */
    private String separator = "";

    private int separatorStart;
    private int separatorEnd;

    boolean isEmpty() {
        return text.isEmpty();
    }

    int length() {
        return text.length();
    }

    /** What was added, without a separator at its end. */
    String text() {
        return text.toString();
    }

    /** What was added from a place of the text on. */
    String textFrom(int start) {
        return text.substring(start);
    }

    /** Where what was added last ends in the file. */
    int fileEnd() {
        return pieces == 0 ? 0 : fileEnds[pieces - 1];
    }

    Places places(String file) {
        return pieces == 0
                ? Places.ofPieces(file, new int[1], new int[1], new int[1], 0)
                : Places.ofPieces(
                        file,
                        Arrays.copyOf(starts, pieces),
                        Arrays.copyOf(fileStarts, pieces),
                        Arrays.copyOf(fileEnds, pieces),
                        text.length());
    }

    /** Adds characters of the file, or what others of it stand for. */
    void copy(Source source, int from, int to) {
        if (from < to) {
            flushSeparator();
        }
        for (int i = from; i < to; ) {
            int next = i + 1;
            while (next < to && (follow(source, i, next) || sameCharacter(source, i, next))) {
                next++;
            }
            add(source.text().substring(i, next), source.start(i), source.end(next - 1));
            i = next;
        }
    }

    /** Whether this character and all from the first on are in the file as they are here, one after the other. */
    private static boolean follow(Source source, int first, int index) {
        return source.end(first) == source.start(first) + 1
                && source.end(index) == source.start(index) + 1
                && source.start(index) == source.start(first) + index - first;
    }

    /** Whether this character stands for what all from the first on stand for. */
    private static boolean sameCharacter(Source source, int first, int index) {
        return source.start(index) == source.start(first) && source.end(index) == source.end(first);
    }

    /** Adds what a piece of the file stands for. */
    void replace(String replacement, int fileStart, int fileEnd) {
        flushSeparator();
        add(replacement, fileStart, fileEnd);
    }

    /**
     * Separates what was added from what will be, if both are something. Of several separators the longest holds; of the same, the
     * first.
     *
     * @param with a blank, a tab, a line break or two of them
     * @param fileStart where it stands in the file, or where it would
     * @param fileEnd where that ends
     */
    void separate(String with, int fileStart, int fileEnd) {
        if (SEPARATORS.indexOf(with) > SEPARATORS.indexOf(separator)) {
            separator = with;
            separatorStart = fileStart;
            separatorEnd = fileEnd;
        }
    }

    private void flushSeparator() {
        if (!separator.isEmpty() && !text.isEmpty()) {
            add(separator, Math.max(separatorStart, fileEnd()), Math.max(separatorEnd, fileEnd()));
        }
        separator = "";
    }

    private void add(String part, int fileStart, int fileEnd) {
        if (part.isEmpty()) {
            return;
        }
        boolean follows = pieces > 0 && fileStart == fileEnds[pieces - 1] && isLinear(pieces - 1, text.length());
        if (follows && fileEnd - fileStart == part.length()) {
            fileEnds[pieces - 1] = fileEnd;
        } else {
            if (pieces == starts.length) {
                starts = Arrays.copyOf(starts, 2 * pieces);
                fileStarts = Arrays.copyOf(fileStarts, 2 * pieces);
                fileEnds = Arrays.copyOf(fileEnds, 2 * pieces);
            }
            starts[pieces] = text.length();
            fileStarts[pieces] = fileStart;
            fileEnds[pieces] = fileEnd;
            pieces++;
        }
        text.append(part);
    }

    private boolean isLinear(int piece, int end) {
        return fileEnds[piece] - fileStarts[piece] == end - starts[piece];
    }
}
