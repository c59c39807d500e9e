package org.distilqa.cli.squad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * The metric of SQuAD's evaluation script (evaluate-v2.0.py, which gives evaluate-v1.1.py's figures on its files): exact match
 * and F1 over words, each the best over the right answers, in percent. Texts are compared in lower case, without ASCII
 * punctuation, articles and extra white space.
 *
 * <p>Where questions may have no answer, also the best figures over all thresholds of the no-answer score: a question whose score
 * is above the threshold is answered with nothing, the others with their best span.
 */
public final class SquadMetric {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    /** What Python's {@code \b} takes for a word: letters and numbers of all kinds, no combining marks. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    private static final Pattern SPACE = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Sums hasAnswer = new Sums();
    private final Sums noAnswer = new Sums();
    private final List<BestSpan> bestSpans = new ArrayList<>();

    /**
     * The best span of a question, whether or not it was given as the answer.
     *
     * @param noAnswerScore what a threshold is compared with
     * @param exactGain what it adds to the exact matches if it is given instead of nothing
     * @param f1Gain what it adds to F1
     */
    private record BestSpan(double noAnswerScore, double exactGain, double f1Gain) {}

    /** The scores of some questions, added up. */
    private static final class Sums {
        private double exact;
        private double f1;
        private int total;
    }

    SquadMetric() {}

    /** Counts a prediction; {@code answers} are the right ones, none if there is no answer. */
    void add(String prediction, List<String> answers) {
        List<String> right = gold(answers);
        // As the script does, a question belongs to those with an answer by what the file says, not by the filtered
        // list.
        Sums sums = answers.isEmpty() ? noAnswer : hasAnswer;
        sums.exact += best(right, answer -> exact(prediction, answer));
        sums.f1 += best(right, answer -> f1(prediction, answer));
        sums.total++;
    }

    /** Counts the best span of the same question, for the best thresholds. */
    void addBestSpan(String span, double noAnswerScore, List<String> answers) {
        List<String> gold = gold(answers);
        bestSpans.add(
                answers.isEmpty()
                        ? new BestSpan(noAnswerScore, span.isEmpty() ? 0 : -1, span.isEmpty() ? 0 : -1)
                        : new BestSpan(
                                noAnswerScore,
                                best(gold, answer -> exact(span, answer)),
                                best(gold, answer -> f1(span, answer))));
    }

    private static List<String> gold(List<String> answers) {
        List<String> gold =
                answers.stream().filter(answer -> !normalized(answer).isEmpty()).toList();
        return gold.isEmpty() ? List.of("") : gold;
    }

    private static double best(List<String> answers, ToDoubleFunction<String> score) {
        return answers.stream().mapToDouble(score).max().orElse(0);
    }

    int total() {
        return hasAnswer.total + noAnswer.total;
    }

    /** Writes the figures under the script's names. */
    void writeTo(ObjectNode node) {
        node.put("exact", percent(hasAnswer.exact + noAnswer.exact, total()));
        node.put("f1", percent(hasAnswer.f1 + noAnswer.f1, total()));
        node.put("total", total());
        write(node, "HasAns", hasAnswer);
        write(node, "NoAns", noAnswer);
        if (!bestSpans.isEmpty()) {
            bestSpans.sort(Comparator.comparingDouble(BestSpan::noAnswerScore));
            writeBest(node, "exact", BestSpan::exactGain);
            writeBest(node, "f1", BestSpan::f1Gain);
        }
    }

    /** As the script's {@code find_best_thresh}: from nothing answered at all to every question answered. */
    private void writeBest(ObjectNode node, String name, ToDoubleFunction<BestSpan> gain) {
        double sum = noAnswer.total;
        double best = sum;
        double threshold = 0;
        for (BestSpan span : bestSpans) {
            sum += gain.applyAsDouble(span);
            if (sum > best) {
                best = sum;
                threshold = span.noAnswerScore();
            }
        }
        node.put("best_" + name, percent(best, bestSpans.size()));
        node.put("best_" + name + "_thresh", threshold);
    }

    private static void write(ObjectNode node, String prefix, Sums sums) {
        if (sums.total > 0) {
            node.put(prefix + "_exact", percent(sums.exact, sums.total));
            node.put(prefix + "_f1", percent(sums.f1, sums.total));
            node.put(prefix + "_total", sums.total);
        }
    }

    private static double percent(double sum, int total) {
        return total == 0 ? 0 : 100.0 * sum / total;
    }

    /**
     * Whether an answer is a right one, but for case, punctuation and articles.
     *
     * @param prediction the answer
     * @param answer a right one
     * @return 1 or 0
     */
    public static double exact(String prediction, String answer) {
        return normalized(prediction).equals(normalized(answer)) ? 1 : 0;
    }

    /**
     * The F1 of an answer over the words that it shares with a right one.
     *
     * @param prediction the answer
     * @param answer a right one
     * @return from 0 to 1
     */
    public static double f1(String prediction, String answer) {
        String[] predicted = words(prediction);
        String[] right = words(answer);
        if (predicted.length == 0 || right.length == 0) {
            return predicted.length == right.length ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        Arrays.stream(right).forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : predicted) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        if (common == 0) {
            return 0;
        }
        double precision = (double) common / predicted.length;
        double recall = (double) common / right.length;
        return 2 * precision * recall / (precision + recall);
    }

    private static String[] words(String text) {
        String normalized = normalized(text);
        return normalized.isEmpty() ? new String[0] : normalized.split(" ");
    }

    static String normalized(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String bare = PUNCTUATION.matcher(lower).replaceAll("");
        String withoutArticles =
                WORD.matcher(bare).replaceAll(word -> ARTICLES.contains(word.group()) ? " " : word.group());
        return SPACE.matcher(withoutArticles).replaceAll(" ").strip();
    }
}
