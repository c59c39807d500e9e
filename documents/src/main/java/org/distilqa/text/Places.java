package org.distilqa.text;

import java.util.Arrays;

/**
 * Leads from places of a document's text to places in its file. Immutable, safe for use by many threads. A look-up takes time
 * logarithmic in the number of pieces that the text is made of and of lines, and linear in the length of the line.
 */
public final class Places {
    private static final int[] NONE = {};

    /** The decoded file. */
    private final String file;

    /** Where its lines start; the first at 0. */
    private final int[] lines;

    /** Where its pages start; empty if it has none. */
    private final int[] pages;

    /**
     * The pieces of the text: where each starts in it, and what it stands for in the file. One that is as long as that is read
     * character by character; the characters of another, such as those of {@code &eacute;}, stand for all of it.
     */
    private final int[] starts;

    private final int[] fileStarts;
    private final int[] fileEnds;

    /** How long the text is. */
    private final int length;

    private Places(String file, int[] pages, int[] starts, int[] fileStarts, int[] fileEnds, int length) {
        this.file = file;
        this.lines = lineStarts(file);
        this.pages = pages;
        this.starts = starts;
        this.fileStarts = fileStarts;
        this.fileEnds = fileEnds;
        this.length = length;
    }

    /**
     * Of a text that is its file, character by character.
     *
     * @param text the text
     * @return its places
     */
    public static Places ofPlainText(String text) {
        return ofPages(text, NONE);
    }

    /**
     * Of a text that was taken out of a file of pages, such as a PDF: offsets, lines and columns are those of the text, pages those of
     * the file.
     *
     * @param text the text
     * @param pageStarts where each page starts in the text, ascending, the first at 0; copied. Empty if there are no pages
     * @return its places
     * @throws IllegalArgumentException if they do not ascend within the text from 0
     */
    public static Places ofPages(String text, int... pageStarts) {
        for (int page = 0; page < pageStarts.length; page++) {
            int least = page == 0 ? 0 : pageStarts[page - 1];
            if (pageStarts[page] < least || pageStarts[page] > (page == 0 ? 0 : text.length())) {
                throw new IllegalArgumentException("page " + (page + 1) + " starts at " + pageStarts[page]
                        + " of a text of " + text.length() + " characters, after " + least);
            }
        }
        int[] zero = {0};
        return new Places(text, pageStarts.clone(), zero, zero, new int[] {text.length()}, text.length());
    }

    /** Of a text that was put together from pieces of a file; the arrays are given away. */
    static Places ofPieces(String file, int[] starts, int[] fileStarts, int[] fileEnds, int length) {
        return new Places(file, NONE, starts, fileStarts, fileEnds, length);
    }

    /**
     * Where a character of the text stands in the file. A character that does not stand there, such as a line break between two
     * paragraphs of HTML, stands where what is before it ends.
     *
     * @param offset the character, in UTF-16 units from 0; the text's length gives the end of the text's last character
     * @return where it begins
     * @throws IndexOutOfBoundsException if it is negative or beyond the text's length
     */
    public Place start(int offset) {
        return place(startInFile(offset));
    }

    private int startInFile(int offset) {
        check(offset);
        if (offset == length) {
            return endInFile(offset);
        }
        int piece = piece(offset);
        return fileStarts[piece] + (isLinear(piece) ? offset - starts[piece] : 0);
    }

    /**
     * The line that {@link #start} gives, without the column, which takes time in a long line.
     *
     * @param offset the character, in UTF-16 units from 0
     * @return the line, from 1
     * @throws IndexOutOfBoundsException if it is negative or beyond the text's length
     */
    public int line(int offset) {
        return lastAtOrBefore(lines, startInFile(offset)) + 1;
    }

    /**
     * The page that {@link #start} gives.
     *
     * @param offset the character, in UTF-16 units from 0
     * @return the page, from 1; 0 if there are none
     * @throws IndexOutOfBoundsException if it is negative or beyond the text's length
     */
    public int page(int offset) {
        return pages.length == 0 ? 0 : lastAtOrBefore(pages, startInFile(offset)) + 1;
    }

    /**
     * Where the part of the text before an offset ends in the file: the place behind its last character, also where markup follows.
     *
     * @param offset the end of a span, exclusive, in UTF-16 units
     * @return the place behind the character before it; of 0, the place of the first character
     * @throws IndexOutOfBoundsException if it is negative or beyond the text's length
     */
    public Place end(int offset) {
        return place(endInFile(offset));
    }

    private int endInFile(int offset) {
        check(offset);
        if (offset == 0) {
            return length == 0 ? 0 : startInFile(0);
        }
        int piece = piece(offset - 1);
        return isLinear(piece) ? fileStarts[piece] + offset - starts[piece] : fileEnds[piece];
    }

    /**
     * How many lines the file has.
     *
     * @return at least 1; the empty one after a line break at the end counts
     */
    public int lines() {
        return lines.length;
    }

    private void check(int offset) {
        if (offset < 0 || offset > length) {
            throw new IndexOutOfBoundsException("offset " + offset + " of a text of " + length + " characters");
        }
    }

    private boolean isLinear(int piece) {
        int end = piece + 1 < starts.length ? starts[piece + 1] : length;
        return fileEnds[piece] - fileStarts[piece] == end - starts[piece];
    }

    private int piece(int offset) {
        return lastAtOrBefore(starts, offset);
    }

    private Place place(int offset) {
        int line = lastAtOrBefore(lines, offset);
        int page = pages.length == 0 ? 0 : lastAtOrBefore(pages, offset) + 1;
        return new Place(offset, line + 1, file.codePointCount(lines[line], offset) + 1, page);
    }

    /** Of equal ones the last. */
    private static int lastAtOrBefore(int[] ascending, int value) {
        int found = Arrays.binarySearch(ascending, value);
        if (found < 0) {
            return -found - 2;
        }
        while (found + 1 < ascending.length && ascending[found + 1] == value) {
            found++;
        }
        return found;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean ends =
                    character == '\n' || character == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n');
            if (ends) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
