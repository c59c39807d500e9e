package org.distilqa.tokenizer;

import java.util.Arrays;

/** Tokens as they are found, word after word. */
final class TokenList {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int[] words;
    private int size;
    private int word;

    TokenList(int capacity) {
        ids = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        words = new int[capacity];
    }

    int size() {
        return size;
    }

    /** Adds a token to the word under way. */
    void add(int id, int start, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            words = Arrays.copyOf(words, 2 * size);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size] = end;
        words[size++] = word;
    }

    /** Ends the word under way. */
    void endWord() {
        word++;
    }

    /** Takes back the last tokens, down to a size that there was since the last word ended. */
    void takeBack(int size) {
        this.size = size;
    }

    TokenizedText tokens() {
        return new TokenizedText(
                Arrays.copyOf(ids, size),
                Arrays.copyOf(starts, size),
                Arrays.copyOf(ends, size),
                Arrays.copyOf(words, size));
    }
}
