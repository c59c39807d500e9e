package org.distilqa.text;

import java.util.Arrays;

/** Characters, and what each of them stands for in the file. Several characters may stand for the same part of it. */
final class Source {
    private final String text;

    /** Where what each character stands for starts and ends; null if the characters are the file's, one after the other. */
    private final int[] starts;

    private final int[] ends;

    /** Where they start, if they are the file's, one after the other. */
    private final int first;

    private Source(String text, int[] starts, int[] ends, int first) {
        this.text = text;
        this.starts = starts;
        this.ends = ends;
        this.first = first;
    }

    /** The characters of a file. */
    static Source of(String file) {
        return new Source(file, null, null, 0);
    }

    /** Characters with the start and the end of what each stands for. */
    static Source of(String text, int[] starts, int[] ends) {
        return new Source(text, starts, ends, 0);
    }

    Source slice(int from, int to) {
        String part = text.substring(from, to);
        return starts == null
                ? new Source(part, null, null, first + from)
                : new Source(part, Arrays.copyOfRange(starts, from, to), Arrays.copyOfRange(ends, from, to), 0);
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    int start(int index) {
        return starts == null ? first + index : starts[index];
    }

    int end(int index) {
        return ends == null ? first + index + 1 : ends[index];
    }
}
