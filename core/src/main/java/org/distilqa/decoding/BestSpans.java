package org.distilqa.decoding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/** The best spans of those offered; of equal ones the first in the context. */
final class BestSpans {
    private final int capacity;
    private final PriorityQueue<Span> worstFirst = new PriorityQueue<>(Collections.reverseOrder());

    /** What a span must have more than to get in. */
    private double threshold = Double.NEGATIVE_INFINITY;

    /**
     * A span of tokens. The order is that of the best first, of equal ones by their place.
     *
     * @param window the number of the window that it is read in
     * @param start the number of its first token in the context
     * @param end the number of its last token
     * @param score the sum of s' and e'
     */
    record Span(int window, int start, int end, double score) implements Comparable<Span> {
        @Override
        public int compareTo(Span other) {
            int byScore = Double.compare(other.score, score);
            if (byScore != 0) {
                return byScore;
            }
            return start != other.start ? Integer.compare(start, other.start) : Integer.compare(end, other.end);
        }
    }

    BestSpans(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Offers the spans of a section, {@code maxAnswerLength} tokens long at most. Sections come in the order of the context.
     * An addition and a comparison for each span.
     */
    void offer(SpanScores.Section section, int maxAnswerLength) {
        int first = section.reading().first();
        double[] starts = section.reading().start();
        double[] ends = section.reading().end();
        for (int s = section.from(); s < section.to(); s++) {
            double start = starts[s - first];
            int limit = Math.min(section.limit() - s, maxAnswerLength) + s;
            for (int e = s; e < limit; e++) {
                double score = start + ends[e - first];
                if (score > threshold) {
                    add(new Span(section.window(), s, e, score));
                }
            }
        }
    }

    private void add(Span span) {
        worstFirst.add(span);
        if (worstFirst.size() > capacity) {
            worstFirst.remove();
        }
        if (worstFirst.size() == capacity) {
            threshold = worstFirst.element().score();
        }
    }

    /** Whether there may have been more spans than these. */
    boolean isFull() {
        return worstFirst.size() == capacity;
    }

    /** The last of the best. */
    Span worst() {
        return worstFirst.element();
    }

    /** The spans, the best first. */
    List<Span> sorted() {
        List<Span> sorted = new ArrayList<>(worstFirst);
        Collections.sort(sorted);
        return sorted;
    }
}
