package org.distilqa.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One distribution over the starts and one over the ends of the answer in a whole context, however many windows it was read in.
 *
 * <ul>
 *   <li>A token belongs to the window where it has most context on its shorter side, the first of equals. Its start and end
 *       logits there, less those of the window's {@code [CLS]}, are s' and e'. {@code [CLS]} has 0 in every window: there is one
 *       for the whole context.
 *   <li>Zs is 1 and the sum of exp(s') over the context's tokens; Ze likewise.
 *   <li>A span is read in the window of its first token, and has the score exp(s' + e') / (Zs Ze); "no answer" has
 *       1 / (Zs Ze). In one window that is the softmax over {@code [CLS]} and the context of the Hugging Face pipeline.
 * </ul>
 *
 * All scores here are logarithms. Immutable.
 */
public final class SpanScores {
    private final List<Reading> windows;
    private final int[] borders;
    private final NavigableSet<Integer> cuts;
    private final double logStarts;
    private final double logEnds;

    /**
     * Spans of a window that start at {@code from} to {@code to - 1} and end before {@code limit}.
     *
     * @param window the window's number
     * @param reading what was said of its tokens
     */
    record Section(int window, Reading reading, int from, int to, int limit) {}

    /**
     * @param windows what was said of the windows that cover the context
     * @param borders the first token that belongs to each window, and the end of the context
     * @param cuts tokens that no span reaches from before them
     */
    private SpanScores(List<Reading> windows, int[] borders, NavigableSet<Integer> cuts) {
        this.windows = windows;
        this.borders = borders;
        this.cuts = cuts;
        this.logStarts = logSum(Reading::start);
        this.logEnds = logSum(Reading::end);
    }

    /**
     * The distribution that windows give which cover the context.
     *
     * @param windows what was said of them, in the order of the context, neighbours sharing half their tokens at most; at least one
     * @return the distribution
     */
    public static SpanScores of(List<Reading> windows) {
        int[] borders = new int[windows.size() + 1];
        for (int i = 1; i < windows.size(); i++) {
            borders[i] = border(windows.get(i - 1), windows.get(i));
        }
        borders[windows.size()] = windows.get(windows.size() - 1).limit();
        return new SpanScores(windows, borders, new TreeSet<>());
    }

    /** The first token that the second of two neighbours gives more context on its shorter side. */
    private static int border(Reading window, Reading next) {
        int token = next.first();
        while (token < window.limit() && shorterSide(window, token) >= shorterSide(next, token)) {
            token++;
        }
        return token;
    }

    private static int shorterSide(Reading window, int token) {
        return Math.min(token - window.first(), window.limit() - 1 - token);
    }

    /** The logarithm of 1 and the sum of the exponentials of what each token has in its own window. */
    private double logSum(Function<Reading, double[]> logits) {
        double max = 0;
        for (int i = 0; i < windows.size(); i++) {
            Reading window = windows.get(i);
            double[] values = logits.apply(window);
            for (int token = borders[i]; token < borders[i + 1]; token++) {
                max = Math.max(max, values[token - window.first()]);
            }
        }
        double sum = Math.exp(-max);
        for (int i = 0; i < windows.size(); i++) {
            Reading window = windows.get(i);
            double[] values = logits.apply(window);
            for (int token = borders[i]; token < borders[i + 1]; token++) {
                sum += Math.exp(values[token - window.first()] - max);
            }
        }
        return max + Math.log(sum);
    }

    /**
     * The distribution after parts of the context have been read once more: the mean of what was said of a token before and
     * now. A token that was not read now counts as the least likely of those that were, so that a span that was not read
     * again never passes those that were chosen for it. No span goes over the border of a stretch: it was not read as a whole.
     *
     * @param again what was said of the stretches that were read again, which do not overlap; at least one
     * @return a new distribution
     */
    public SpanScores with(List<Reading> again) {
        double leastStart = least(again, Reading::start);
        double leastEnd = least(again, Reading::end);
        List<Reading> means = new ArrayList<>(windows.size());
        for (Reading window : windows) {
            means.add(new Reading(
                    window.first(),
                    mean(window, window.start(), again, Reading::start, leastStart),
                    mean(window, window.end(), again, Reading::end, leastEnd)));
        }
        NavigableSet<Integer> allCuts = new TreeSet<>(cuts);
        again.forEach(reading -> allCuts.addAll(List.of(reading.first(), reading.limit())));
        return new SpanScores(means, borders, allCuts);
    }

    private static double least(List<Reading> readings, Function<Reading, double[]> logits) {
        return readings.stream()
                .flatMapToDouble(reading -> Arrays.stream(logits.apply(reading)))
                .min()
                .orElseThrow();
    }

    private static double[] mean(
            Reading window, double[] before, List<Reading> again, Function<Reading, double[]> logits, double least) {
        double[] now = new double[before.length];
        Arrays.fill(now, least);
        for (Reading reading : again) {
            int from = Math.max(window.first(), reading.first());
            int tokens = Math.min(window.limit(), reading.limit()) - from;
            if (tokens > 0) {
                System.arraycopy(logits.apply(reading), from - reading.first(), now, from - window.first(), tokens);
            }
        }
        for (int i = 0; i < now.length; i++) {
            now[i] = (before[i] + now[i]) / 2;
        }
        return now;
    }

    /** How many windows cover the context. */
    int windows() {
        return windows.size();
    }

    /** How many tokens the context has. */
    int tokens() {
        return borders[borders.length - 1];
    }

    /** The spans whose first token belongs to a window. */
    List<Section> sections(int window) {
        Reading reading = windows.get(window);
        List<Section> sections = new ArrayList<>(1);
        for (int from = borders[window]; from < borders[window + 1]; ) {
            Integer cut = cuts.higher(from);
            int limit = cut == null ? reading.limit() : Math.min(cut, reading.limit());
            int to = Math.min(limit, borders[window + 1]);
            sections.add(new Section(window, reading, from, to, limit));
            from = to;
        }
        return sections;
    }

    /** The logarithm of the probability of a span whose s' and e' add up to this. */
    double logProbability(double sum) {
        return sum - logStarts - logEnds;
    }
}
