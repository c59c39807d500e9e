package org.distilqa.text;

/**
 * A part of a text.
 *
 * @param start where it starts, in UTF-16 units
 * @param end where it ends, exclusive; at least {@code start}
 */
public record Span(int start, int end) {
    /**
     * A part of a text.
     *
     * @param start where it starts, in UTF-16 units
     * @param end where it ends, exclusive; at least {@code start}
     * @throws IllegalArgumentException if it starts before 0 or ends before it starts
     */
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("a span from " + start + " to " + end);
        }
    }

    /**
     * The part itself.
     *
     * @param text the text that it is a part of
     * @return its characters
     * @throws IndexOutOfBoundsException if the text ends before it
     */
    public String of(String text) {
        return text.substring(start, end);
    }
}
