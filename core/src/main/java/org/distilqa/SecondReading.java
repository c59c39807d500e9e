package org.distilqa;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.distilqa.Window.Stretch;

/**
 * Reads the best places of a long context once more, together. In a window of its own a place is compared with what happens to
 * stand around it, and a window that holds nothing can be as sure as the one that answers. Put together into one window, the
 * best places are compared with each other.
 *
 * <p>From two windows on, the surroundings of the best {@value #PLACES} places are read in one window more. From more than
 * {@value #FEW_WINDOWS} windows on it is a tournament: the best {@value #MANY_PLACES} places are read, {@value #PLACES} to a
 * window, and then the best {@value #PLACES} by both readings once more together.
 *
 * <p>A place is the best span that no surroundings of a better place contain. What all readings say is put together by
 * {@link SpanScores#with}. The numbers were found by measuring; docs/decoding.md has the figures.
 */
final class SecondReading {
    static final int PLACES = 4;
    static final int MANY_PLACES = 12;
    static final int FEW_WINDOWS = 12;

    private final int room;
    private final int maxAnswerLength;
    private int rounds;

    /**
     * @param room how many tokens of the context a window has room for
     * @param maxAnswerLength the longest span, in tokens
     */
    SecondReading(int room, int maxAnswerLength) {
        this.room = room;
        this.maxAnswerLength = maxAnswerLength;
    }

    /**
     * What is to be read next.
     *
     * @param scores by all that was read so far
     * @return for each window, the stretches of the context that it is made of, in their order; empty if enough was read
     */
    List<List<Stretch>> next(SpanScores scores) {
        int places = placesOfNextRound(scores.windows());
        rounds++;
        if (places == 0) {
            return List.of();
        }
        List<List<Stretch>> windows = new ArrayList<>();
        Surroundings surroundings = new Surroundings(scores, maxAnswerLength);
        for (int chosen = 0; chosen < places; chosen += PLACES) {
            List<Stretch> window = surroundings.next(room);
            if (!window.isEmpty()) {
                windows.add(window);
            }
        }
        return windows;
    }

    private int placesOfNextRound(int windows) {
        boolean tournament = windows > FEW_WINDOWS;
        return switch (rounds) {
            case 0 -> windows < 2 ? 0 : tournament ? MANY_PLACES : PLACES;
            case 1 -> tournament ? PLACES : 0;
            default -> 0;
        };
    }

    /** Takes the best places with what is around them, one after another. */
    private static final class Surroundings {
        /** For each token, the best sum of s' and e' of a span that starts there, and where that ends, exclusive. */
        private final double[] best;

        private final int[] ends;

        /** The tokens that were taken; no place starts there any more. */
        private final BitSet taken = new BitSet();

        Surroundings(SpanScores scores, int maxAnswerLength) {
            best = new double[scores.tokens()];
            ends = new int[scores.tokens()];
            for (int window = 0; window < scores.windows(); window++) {
                for (SpanScores.Section section : scores.sections(window)) {
                    fill(section, maxAnswerLength);
                }
            }
        }

        private void fill(SpanScores.Section section, int maxAnswerLength) {
            double[] startScores = section.reading().start();
            double[] endScores = section.reading().end();
            int first = section.reading().first();
            for (int start = section.from(); start < section.to(); start++) {
                int limit = Math.min(section.limit() - start, maxAnswerLength) + start;
                int last = start;
                for (int end = start + 1; end < limit; end++) {
                    last = endScores[end - first] > endScores[last - first] ? end : last;
                }
                best[start] = startScores[start - first] + endScores[last - first];
                ends[start] = last + 1;
            }
        }

        /** The surroundings of the best {@link #PLACES} places left, as many as there is room for, in the order of the context. */
        List<Stretch> next(int room) {
            BitSet window = new BitSet();
            for (int place = 0; place < PLACES; place++) {
                int start = bestStart();
                if (start < 0) {
                    break;
                }
                BitSet around = around(start, Math.max(1, room / PLACES));
                around.andNot(taken);
                if (window.cardinality() + around.cardinality() > room) {
                    break;
                }
                window.or(around);
                taken.or(around);
            }
            return stretches(window);
        }

        private int bestStart() {
            int start = -1;
            for (int s = taken.nextClearBit(0); s < best.length; s = taken.nextClearBit(s + 1)) {
                if (start < 0 || best[s] > best[start]) {
                    start = s;
                }
            }
            return start;
        }

        /** The best span that starts at a token with what is around it: {@code size} tokens, or the span if it is longer. */
        private BitSet around(int start, int size) {
            int end = ends[start];
            int before = Math.max(0, size - (end - start)) / 2;
            int first = Math.max(0, Math.min(start - before, best.length - size));
            BitSet around = new BitSet();
            around.set(first, Math.min(best.length, Math.max(first + size, end)));
            return around;
        }

        private static List<Stretch> stretches(BitSet tokens) {
            List<Stretch> stretches = new ArrayList<>();
            for (int first = tokens.nextSetBit(0); first >= 0; ) {
                int end = tokens.nextClearBit(first);
                stretches.add(new Stretch(first, end));
                first = tokens.nextSetBit(end);
            }
            return stretches;
        }
    }
}
