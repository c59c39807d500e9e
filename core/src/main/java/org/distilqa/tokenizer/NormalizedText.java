package org.distilqa.tokenizer;

import java.util.Arrays;

/** A normalized text in UTF-16 units, and for each unit the place of the character of the text that it comes from. */
final class NormalizedText {
    private char[] units = new char[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private int length;

    int length() {
        return length;
    }

    char unit(int i) {
        return units[i];
    }

    int codePoint(int i) {
        return Character.codePointAt(units, i, length);
    }

    /** Where the character that a unit comes from starts in the text. */
    int start(int i) {
        return starts[i];
    }

    /** Where it ends, exclusive. */
    int end(int i) {
        return ends[i];
    }

    void clear() {
        length = 0;
    }

    void append(char unit, int start, int end) {
        if (length == units.length) {
            units = Arrays.copyOf(units, 2 * length);
            starts = Arrays.copyOf(starts, 2 * length);
            ends = Arrays.copyOf(ends, 2 * length);
        }
        units[length] = unit;
        starts[length] = start;
        ends[length++] = end;
    }

    void appendCodePoint(int character, int start, int end) {
        if (Character.isBmpCodePoint(character)) {
            append((char) character, start, end);
        } else {
            append(Character.highSurrogate(character), start, end);
            append(Character.lowSurrogate(character), start, end);
        }
    }

    @Override
    public String toString() {
        return new String(units, 0, length);
    }
}
