package org.distilqa.tokenizer;

import java.util.Arrays;

/**
 * Decomposes characters and puts the marks after each base character in canonical order (Unicode Standard Annex 15), in
 * linear time however many there are, and hands on what is no nonspacing mark.
 *
 * <p>Places follow Hugging Face's bookkeeping: the first part of a character's decomposition stands for the next character
 * of the text, in the order after sorting, and every further part for the one before it.
 */
final class CombiningRun {
    private static final int CLASSES = 256;

    private final BertNormalizer normalizer;
    private final NormalizedText normalized;

    /** The marks since the last base character, in the text's order, with the ranks of their classes. */
    private int[] marks = new int[16];

    private byte[] classes = new byte[16];

    /** Whether the mark is the first part of its character's decomposition. */
    private boolean[] firsts = new boolean[16];

    private int size;
    private boolean sorted = true;

    /** The places of the characters of the text that no part has stood for yet, in order. */
    private int[] starts = new int[16];

    private int[] ends = new int[16];
    private int places;

    /** The place that a part stood for last. */
    private int lastStart;

    private int lastEnd;

    CombiningRun(BertNormalizer normalizer, NormalizedText normalized) {
        this.normalizer = normalizer;
        this.normalized = normalized;
    }

    void add(int character, int properties, int start, int end) {
        if ((properties & Characters.DECOMPOSES) != 0) {
            addParts(Characters.decomposition(character), start, end);
        } else if ((properties & Characters.COMBINES) != 0) {
            addMark(character, properties, true, start, end);
        } else if (Characters.isHangulSyllable(character)) {
            addParts(Characters.hangulLetters(character), start, end);
        } else {
            addBase(character, properties, true, start, end);
        }
    }

    private void addParts(int[] parts, int start, int end) {
        for (int i = 0; i < parts.length; i++) {
            int properties = Characters.properties(parts[i]);
            if ((properties & Characters.COMBINES) != 0) {
                addMark(parts[i], properties, i == 0, start, end);
            } else {
                addBase(parts[i], properties, i == 0, start, end);
            }
        }
    }

    private void addBase(int character, int properties, boolean first, int start, int end) {
        finish();
        if (first) {
            lastStart = start;
            lastEnd = end;
        }
        emit(character, properties);
    }

    private void addMark(int mark, int properties, boolean first, int start, int end) {
        if (size == marks.length) {
            marks = Arrays.copyOf(marks, 2 * size);
            classes = Arrays.copyOf(classes, 2 * size);
            firsts = Arrays.copyOf(firsts, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        marks[size] = mark;
        classes[size] = (byte) Characters.combiningClass(properties);
        firsts[size] = first;
        sorted &= size == 0 || Byte.compareUnsigned(classes[size - 1], classes[size]) <= 0;
        size++;
        if (first) {
            starts[places] = start;
            ends[places++] = end;
        }
    }

    /** Hands on the marks that wait; what comes next is a base character, or nothing. */
    void finish() {
        if (size == 0) {
            return;
        }
        int[] order = sorted ? null : order();
        int place = 0;
        for (int i = 0; i < size; i++) {
            int mark = order == null ? i : order[i];
            if (firsts[mark]) {
                lastStart = starts[place];
                lastEnd = ends[place++];
            }
            emit(marks[mark], Characters.properties(marks[mark]));
        }
        size = 0;
        places = 0;
        sorted = true;
    }

    /** The marks' numbers by class, those of one class in the text's order: a counting sort. */
    private int[] order() {
        int[] next = new int[CLASSES + 1];
        for (int i = 0; i < size; i++) {
            next[Byte.toUnsignedInt(classes[i]) + 1]++;
        }
        for (int i = 1; i < next.length; i++) {
            next[i] += next[i - 1];
        }
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[next[Byte.toUnsignedInt(classes[i])]++] = i;
        }
        return order;
    }

    private void emit(int character, int properties) {
        if ((properties & Characters.NONSPACING_MARK) == 0) {
            normalizer.cased(character, lastStart, lastEnd, normalized);
        }
    }
}
