package org.distilqa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.distilqa.tokenizer.TokenizedText;

/**
 * Finds the best spans of a context from the logits of its windows, with the semantics of the Hugging Face
 * question-answering pipeline:
 *
 * <ul>
 *   <li>In each window, a softmax over {@code [CLS]} and the context's tokens gives the probability that the answer starts
 *       at a token, another that it ends there. The question, the separators and padding take no part.
 *   <li>{@code [CLS]} then stands for "no answer": its start times its end probability, the smallest over the windows.
 *   <li>A span from token s to token e scores {@code start(s) * end(e)}, for {@code s <= e < s + maxAnswerLength}. The two
 *       are never chosen apart from each other.
 *   <li>Spans of equal text, compared without case, are one answer with the sum of their scores. It stands where its
 *       first span was found: window by window, and by score within a window.
 * </ul>
 *
 * The spans considered are the best {@code 2 * topK + 10} of each window ({@code topK} without word alignment); if that
 * gives fewer answers than asked for, more are considered, until there are enough or no more exist. Memory grows with the
 * number of windows.
 */
final class SpanDecoder {
    private final String context;
    private final TokenizedText tokens;
    private final AnswerOptions options;
    private final List<WindowScores> windows = new ArrayList<>();
    private double noAnswerScore = Double.POSITIVE_INFINITY;

    /**
     * The probabilities of a window's context tokens.
     *
     * @param firstToken the number of the first in the whole context
     * @param start the probability that the answer starts there
     * @param end the probability that it ends there
     */
    private record WindowScores(int firstToken, float[] start, float[] end) {}

    /** A span of tokens of the whole context, both ends within it. */
    private record Span(int start, int end, double score) {}

    SpanDecoder(String context, TokenizedText tokens, AnswerOptions options) {
        this.context = context;
        this.tokens = tokens;
        this.options = options;
    }

    /**
     * Takes the logits of the next window.
     *
     * @throws DeviceException if a logit is not a finite number
     */
    void add(Window window, float[] startLogits, float[] endLogits) {
        float[] start = new float[window.tokens()];
        float[] end = new float[window.tokens()];
        double noStart = softmax(startLogits, window, start);
        double noEnd = softmax(endLogits, window, end);
        noAnswerScore = Math.min(noAnswerScore, noStart * noEnd);
        windows.add(new WindowScores(window.firstToken(), start, end));
    }

    /** The softmax over the context's tokens, into {@code probabilities}, and {@code [CLS]}, which is returned. */
    private static double softmax(float[] logits, Window window, float[] probabilities) {
        double max = requireFinite(logits[0]);
        for (int i = 0; i < probabilities.length; i++) {
            max = Math.max(max, requireFinite(logits[window.contextStart() + i]));
        }
        double sum = Math.exp(logits[0] - max);
        for (int i = 0; i < probabilities.length; i++) {
            sum += Math.exp(logits[window.contextStart() + i] - max);
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = (float) (Math.exp(logits[window.contextStart() + i] - max) / sum);
        }
        return Math.exp(logits[0] - max) / sum;
    }

    private static float requireFinite(float logit) {
        if (!Float.isFinite(logit)) {
            throw new DeviceException("the device returned a logit that is not a finite number: " + logit);
        }
        return logit;
    }

    /** The best answers of the windows taken. */
    Prediction decode() {
        if (windows.isEmpty()) {
            return new Prediction(List.of(Answer.none(0)), 0, 0);
        }
        List<Answer> answers = spans();
        if (options.handleImpossibleAnswer()) {
            answers.add(Answer.none(noAnswerScore));
        }
        answers.sort(Comparator.comparingDouble(Answer::score).reversed());
        if (answers.isEmpty()) {
            answers.add(Answer.none(0));
        }
        return new Prediction(
                answers.subList(0, Math.min(options.topK(), answers.size())), noAnswerScore, windows.size());
    }

    private List<Answer> spans() {
        int perWindow = options.alignToWords() ? 2 * options.topK() + 10 : options.topK();
        while (true) {
            Map<String, Answer> byText = new LinkedHashMap<>();
            boolean exhausted = true;
            for (WindowScores window : windows) {
                List<Span> best = new BestSpans(perWindow).of(window, options.maxAnswerLength());
                exhausted &= best.size() < perWindow;
                for (Span span : best) {
                    merge(byText, span);
                }
            }
            if (exhausted || byText.size() >= options.topK()) {
                return new ArrayList<>(byText.values());
            }
            perWindow *= 2;
        }
    }

    private void merge(Map<String, Answer> byText, Span span) {
        int start = tokens.starts()[options.alignToWords() ? firstTokenOfWord(span.start()) : span.start()];
        int end = tokens.ends()[options.alignToWords() ? lastTokenOfWord(span.end()) : span.end()];
        if (start >= end) {
            return; // A token without text, such as a tokenizer's own marker, is no answer.
        }
        String text = context.substring(start, end);
        byText.merge(
                text.toLowerCase(Locale.ROOT),
                new Answer(text, start, end, span.score()),
                (first, again) -> new Answer(first.text(), first.start(), first.end(), first.score() + again.score()));
    }

    private int firstTokenOfWord(int token) {
        int[] words = tokens.words();
        int first = token;
        while (first > 0 && words[first - 1] == words[token]) {
            first--;
        }
        return first;
    }

    private int lastTokenOfWord(int token) {
        int[] words = tokens.words();
        int last = token;
        while (last + 1 < words.length && words[last + 1] == words[token]) {
            last++;
        }
        return last;
    }

    /** A heap of the best spans seen so far, the worst of them on top; of equal scores, the first seen is kept. */
    private static final class BestSpans {
        private final PriorityQueue<Span> worstFirst = new PriorityQueue<>(Comparator.comparingDouble(Span::score)
                .thenComparing(Comparator.comparingInt(Span::start).reversed())
                .thenComparing(Comparator.comparingInt(Span::end).reversed()));
        private final int capacity;

        BestSpans(int capacity) {
            this.capacity = capacity;
        }

        /** The best spans of a window, the best first. Looks at {@code tokens * maxAnswerLength} spans at most. */
        List<Span> of(WindowScores window, int maxAnswerLength) {
            float[] ends = window.end();
            for (int s = 0; s < ends.length; s++) {
                int limit = Math.min(ends.length, s + maxAnswerLength);
                for (int e = s; e < limit; e++) {
                    double score = (double) window.start()[s] * ends[e];
                    if (worstFirst.size() < capacity
                            || score > worstFirst.element().score()) {
                        worstFirst.add(new Span(window.firstToken() + s, window.firstToken() + e, score));
                        if (worstFirst.size() > capacity) {
                            worstFirst.remove();
                        }
                    }
                }
            }
            List<Span> best = new ArrayList<>(worstFirst);
            best.sort(worstFirst.comparator().reversed());
            return best;
        }
    }
}
