package org.distilqa.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
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
 */
final class SquadMetric {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    /** What Python's {@code \b} takes for a word: letters and numbers of all kinds, no combining marks. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    private static final Pattern SPACE = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Sums hasAnswer = new Sums();
    private final Sums noAnswer = new Sums();

    /** The scores of some questions, added up. */
    private static final class Sums {
        private double exact;
        private double f1;
        private int total;
    }

    /** Counts a prediction; {@code answers} are the right ones, none if there is no answer. */
    void add(String prediction, List<String> answers) {
        List<String> gold =
                answers.stream().filter(answer -> !normalized(answer).isEmpty()).toList();
        List<String> right = gold.isEmpty() ? List.of("") : gold;
        // As the script does, a question belongs to those with an answer by what the file says, not by the filtered
        // list.
        Sums sums = answers.isEmpty() ? noAnswer : hasAnswer;
        sums.exact += best(right, answer -> exact(prediction, answer));
        sums.f1 += best(right, answer -> f1(prediction, answer));
        sums.total++;
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

    static double exact(String prediction, String answer) {
        return normalized(prediction).equals(normalized(answer)) ? 1 : 0;
    }

    static double f1(String prediction, String answer) {
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
