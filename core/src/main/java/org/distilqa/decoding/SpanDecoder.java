package org.distilqa.decoding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.decoding.BestSpans.Span;
import org.distilqa.tokenizer.TokenizedText;

/**
 * Finds the best answers among the spans of a context.
 *
 * <ul>
 *   <li>A span from token s to token e counts for {@code s <= e < s + maxAnswerLength}; the two are never chosen apart.
 *   <li>Spans of equal text, compared without case, are one answer. It stands where its likeliest span stands. Its score is
 *       the sum over its spans among the best few of that window, as in the Hugging Face pipeline for a context of one window;
 *       what stands in other windows adds nothing, or a name that is everywhere would win.
 *   <li>An answer that overlaps a better one is left out, unless asked for.
 * </ul>
 *
 * No score and no place depends on how many answers are asked for: fewer answers are the first of more.
 */
public final class SpanDecoder {
    /** As many spans of a window as the pipeline considers for one answer, with and without word alignment. */
    private static final int ALIGNED_POOL = 12;

    private static final int POOL = 1;

    private static final int FIRST_SPANS = 256;
    private static final int MORE = 8;

    private final SpanScores scores;
    private final AnswerOptions options;
    private final AnswerBoundaries boundaries;
    private final String context;

    /**
     * A span as the text that it stands for.
     *
     * @param key the text without case
     * @param pooled whether it is one of the best few of its window
     */
    private record Occurrence(Span span, int start, int end, String key, boolean pooled)
            implements Comparable<Occurrence> {
        /** In the order of the spans; of a span that is there twice, the one that counts comes first. */
        @Override
        public int compareTo(Occurrence other) {
            int bySpan = span.compareTo(other.span);
            return bySpan != 0 ? bySpan : Boolean.compare(other.pooled, pooled);
        }
    }

    /** Spans of equal text, with the sum of the probabilities of those that count. */
    private static final class Candidate {
        private final Occurrence likeliest;
        private double logProbability;

        Candidate(Occurrence likeliest, double logProbability) {
            this.likeliest = likeliest;
            this.logProbability = logProbability;
        }

        void add(double other) {
            logProbability = Math.max(logProbability, other) + Math.log1p(Math.exp(-Math.abs(logProbability - other)));
        }
    }

    /** Places in the context that are taken; none overlaps another. */
    private static final class Places {
        private final TreeMap<Integer, Integer> endByStart = new TreeMap<>();

        boolean overlap(Occurrence occurrence) {
            Map.Entry<Integer, Integer> last = endByStart.lowerEntry(occurrence.end());
            return last != null && last.getValue() > occurrence.start();
        }

        void add(Occurrence occurrence) {
            endByStart.put(occurrence.start(), occurrence.end());
        }
    }

    /**
     * A decoder of what was read of a context.
     *
     * @param context the text
     * @param tokens its tokens
     * @param options how many answers are wanted, and which
     * @param scores what was said of the tokens
     */
    public SpanDecoder(String context, TokenizedText tokens, AnswerOptions options, SpanScores scores) {
        this.context = context;
        this.options = options;
        this.scores = scores;
        this.boundaries = new AnswerBoundaries(context, tokens, options.alignToWords());
    }

    /**
     * The best answers.
     *
     * @return the best first, with "no answer" among them if it competes; at least one
     */
    public List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        double none = scores.logProbability(0);
        boolean competes = options.handleImpossibleAnswer();
        for (Candidate candidate : candidates()) {
            if (competes && none > candidate.logProbability) {
                answers.add(Answer.none(noAnswerScore()));
                competes = false;
            }
            Occurrence place = candidate.likeliest;
            answers.add(new Answer(
                    context.substring(place.start(), place.end()),
                    place.start(),
                    place.end(),
                    probability(candidate.logProbability)));
        }
        if (competes) {
            answers.add(Answer.none(noAnswerScore()));
        }
        if (answers.isEmpty()) {
            answers.add(Answer.none(0));
        }
        return answers.subList(0, Math.min(options.topK(), answers.size()));
    }

    /**
     * The probability that there is no answer.
     *
     * @return from 0 to 1
     */
    public double noAnswerScore() {
        return probability(scores.logProbability(0));
    }

    /** At most 1, which a sum, or a span that ends where another window's tokens begin, can pass a little. */
    private static double probability(double logarithm) {
        return Math.exp(Math.min(0, logarithm));
    }

    /**
     * The best {@code topK} candidates. The spans considered are the pools, which hold all that adds up; if those do not tell
     * for sure, more and more of the best spans of all windows, until they do.
     */
    private List<Candidate> candidates() {
        List<Occurrence> pools = new ArrayList<>();
        Span bound = null;
        for (int window = 0; window < scores.windows(); window++) {
            BestSpans pool = new BestSpans(options.alignToWords() ? ALIGNED_POOL : POOL);
            offer(window, pool);
            pools.addAll(occurrences(pool, true));
            if (pool.isFull() && (bound == null || pool.worst().compareTo(bound) < 0)) {
                bound = pool.worst();
            }
        }
        List<Candidate> chosen = choose(merge(pools), bound);
        for (int spans = FIRST_SPANS; chosen.size() < options.topK() && bound != null; spans *= MORE) {
            BestSpans best = new BestSpans(spans);
            for (int window = 0; window < scores.windows(); window++) {
                offer(window, best);
            }
            bound = best.isFull() ? best.worst() : null;
            List<Occurrence> considered = new ArrayList<>(pools);
            considered.addAll(occurrences(best, false));
            chosen = choose(merge(considered), bound);
        }
        return chosen;
    }

    private void offer(int window, BestSpans best) {
        for (SpanScores.Section section : scores.sections(window)) {
            best.offer(section, options.maxAnswerLength());
        }
    }

    private List<Occurrence> occurrences(BestSpans spans, boolean pooled) {
        List<Occurrence> occurrences = new ArrayList<>();
        for (Span span : spans.sorted()) {
            AnswerBoundaries.Extent extent = boundaries.of(span.start(), span.end());
            if (boundaries.canAnswer(extent)) {
                String key = context.substring(extent.start(), extent.end()).toLowerCase(Locale.ROOT);
                occurrences.add(new Occurrence(span, extent.start(), extent.end(), key, pooled));
            }
        }
        return occurrences;
    }

    /** One candidate for each text, the best first. */
    private List<Candidate> merge(List<Occurrence> occurrences) {
        Collections.sort(occurrences);
        Map<String, Candidate> byText = new LinkedHashMap<>();
        Span before = null;
        for (Occurrence occurrence : occurrences) {
            Span span = occurrence.span();
            if (span.equals(before)) {
                continue;
            }
            before = span;
            double logProbability = scores.logProbability(span.score());
            Candidate candidate = byText.get(occurrence.key());
            if (candidate == null) {
                byText.put(occurrence.key(), new Candidate(occurrence, logProbability));
            } else if (occurrence.pooled() && candidate.likeliest.span().window() == span.window()) {
                candidate.add(logProbability);
            }
        }
        List<Candidate> candidates = new ArrayList<>(byText.values());
        // A stable sort: of equal sums, the one with the likelier span stays first.
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.logProbability));
        return candidates;
    }

    /**
     * The best candidates as far as they are sure: those whose likeliest span is not behind the bound, before which every span
     * was considered.
     */
    private List<Candidate> choose(List<Candidate> candidates, Span bound) {
        List<Candidate> chosen = new ArrayList<>();
        Places taken = new Places();
        for (Candidate candidate : candidates) {
            Occurrence place = candidate.likeliest;
            if (chosen.size() == options.topK() || bound != null && place.span().compareTo(bound) > 0) {
                break;
            }
            if (options.overlappingAnswers()) {
                chosen.add(candidate);
            } else if (!taken.overlap(place)) {
                chosen.add(candidate);
                taken.add(place);
            }
        }
        return chosen;
    }
}
