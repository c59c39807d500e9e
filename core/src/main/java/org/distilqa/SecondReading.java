package org.distilqa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.distilqa.Window.Stretch;

/**
 * Reads the best places of a long context once more, together. In a window of its own a place is compared with what happens to
 * stand around it, and a window that holds nothing can be as sure as the one that answers. Put together into one window, the
 * best places are compared with each other.
 *
 * <p>From two windows on, the surroundings of the best {@value #PLACES} places are read in one window more. From more than
 * {@value #FEW_WINDOWS} windows on, it is a tournament: the best {@value #MANY_PLACES} places are read, {@value #PLACES} to a
 * window, and then the best {@value #PLACES} by both readings once more together.
 *
 * <p>A place is the best span that no surroundings of a better place contain. What all readings say is put together by
 * {@link SpanScores#with}.
 */
final class SecondReading {
    static int PLACES = 4;
    static int MANY_PLACES = 12;
    static int FEW_WINDOWS = 12;

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
        List<List<Stretch>> windows = new ArrayList<>();
        Surroundings surroundings = new Surroundings(scores, maxAnswerLength);
        while (places > 0) {
            List<Stretch> window = surroundings.next(Math.min(places, PLACES), room);
            if (window.isEmpty()) {
                break;
            }
            windows.add(window);
            places -= PLACES;
        }
        return windows;
    }

    private int placesOfNextRound(int windows) {
        if (windows < 2) {
            return 0;
        }
        if (rounds == 0) {
            return windows > FEW_WINDOWS ? MANY_PLACES : PLACES;
        }
        return rounds == 1 && windows > FEW_WINDOWS ? PLACES : 0;
    }

    /** Takes the best places with what is around them, one after another. */
    private static final class Surroundings {
        /** For each token, the best sum of s' and e' of a span that starts there, and where it ends; lower once it is taken. */
        private final double[] best;

        private final int[] ends;

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
            double[] starts = section.reading().start();
            double[] endScores = section.reading().end();
            int first = section.reading().first();
            for (int s = section.from(); s < section.to(); s++) {
                int limit = Math.min(section.limit() - s, maxAnswerLength) + s;
                int end = s;
                for (int e = s + 1; e < limit; e++) {
                    end = endScores[e - first] > endScores[end - first] ? e : end;
                }
                best[s] = starts[s - first] + endScores[end - first];
                ends[s] = end;
            }
        }

        /** The surroundings of the best places left, as many as fit, in the order of the context. */
        List<Stretch> next(int places, int room) {
            List<Stretch> chosen = new ArrayList<>();
            int share = Math.max(1, room / PLACES);
            int free = room;
            for (int place = 0; place < places; place++) {
                int start = bestStart();
                if (start < 0) {
                    break;
                }
                Stretch around = around(start, ends[start], share);
                if (around.tokens() > free) {
                    break;
                }
                free -= around.tokens();
                chosen.add(around);
                java.util.Arrays.fill(best, around.first(), around.end(), Double.NEGATIVE_INFINITY);
            }
            chosen.sort(Comparator.comparingInt(Stretch::first));
            return chosen;
        }

        private int bestStart() {
            int start = -1;
            for (int s = 0; s < best.length; s++) {
                if (best[s] > (start < 0 ? Double.NEGATIVE_INFINITY : best[start])) {
                    start = s;
                }
            }
            return start;
        }

        /** A stretch of {@code size} tokens, or as long as the span, around it, cut where others begin. */
        private Stretch around(int start, int end, int size) {
            int before = Math.max(0, size - (end - start + 1)) / 2;
            int first = Math.max(0, Math.min(start - before, best.length - size));
            int limit = Math.min(best.length, Math.max(first + size, end + 1));
            // nothing that is taken already
            for (int token = start; token > first; token--) {
                if (best[token - 1] == Double.NEGATIVE_INFINITY) {
                    first = token;
                }
            }
            for (int token = end + 1; token < limit; token++) {
                if (best[token] == Double.NEGATIVE_INFINITY) {
                    limit = token;
                }
            }
            return new Stretch(first, limit);
        }
    }
}
