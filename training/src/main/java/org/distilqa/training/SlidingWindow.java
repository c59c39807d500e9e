package org.distilqa.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The lexical baseline of the SQuAD paper (Rajpurkar et al., 2016, after Richardson et al., 2013): of the noun phrases of the
 * context, the one whose words together with the question's are the most, weighted by rarity, in some window of the context.
 * The paper takes its candidates from a parser, this from {@link Tagger}'s rules.
 */
final class SlidingWindow {
    private final Tagger tagger;

    SlidingWindow(Tagger tagger) {
        this.tagger = tagger;
    }

    /** Answers a SQuAD file and gives exact match and F1 in percent. */
    double[] score(Path squad) throws IOException {
        double exact = 0;
        double f1 = 0;
        int total = 0;
        for (JsonNode article : new ObjectMapper().readTree(squad.toFile()).path("data")) {
            for (JsonNode paragraph : article.path("paragraphs")) {
                Passage passage = new Passage(paragraph.path("context").asText());
                for (JsonNode question : paragraph.path("qas")) {
                    String found = passage.answer(question.path("question").asText());
                    double bestExact = 0;
                    double bestF1 = 0;
                    for (JsonNode answer : question.path("answers")) {
                        List<String> right = normalized(answer.path("text").asText());
                        bestExact = Math.max(bestExact, right.equals(normalized(found)) ? 1 : 0);
                        bestF1 = Math.max(bestF1, f1(normalized(found), right));
                    }
                    exact += bestExact;
                    f1 += bestF1;
                    total++;
                }
            }
        }
        return new double[] {100 * exact / total, 100 * f1 / total};
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** As SQuAD's script has it: small letters, no punctuation, no articles. */
    private static List<String> normalized(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT)
                        .replaceAll("[!-/:-@\\[-`{-~]", "")
                        .replaceAll("\\b(a|an|the)\\b", " ")
                        .strip()
                        .split("\\s+"))
                .toList();
    }

    private static double f1(List<String> found, List<String> right) {
        List<String> rest = new ArrayList<>(right);
        long common = found.stream().filter(rest::remove).count();
        return common == 0 ? 0 : 2.0 * common / (found.size() + right.size());
    }

    /** A context with its candidates. */
    private final class Passage {
        private final List<String> words;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<String> candidates = new HashSet<>();

        Passage(String context) {
            this.words = words(context);
            words.forEach(word -> counts.merge(word, 1, Integer::sum));
            for (int[] sentence : Sentences.of(context)) {
                String text = context.substring(sentence[0], sentence[1]);
                List<Word> tagged = tagger.tag(text);
                Clause whole = new Clause(tagged, 0, 0, tagged.size(), "");
                for (Phrase phrase : whole.phrases(0, tagged.size(), false)) {
                    candidates.add(text.substring(
                            tagged.get(phrase.from()).start(),
                            tagged.get(phrase.to() - 1).end()));
                }
            }
        }

        String answer(String question) {
            Set<String> asked = new HashSet<>(words(question));
            String best = "";
            double bestScore = -1;
            for (String candidate : candidates.stream().sorted().toList()) {
                List<String> own = words(candidate);
                if (asked.containsAll(own)) {
                    continue;
                }
                Set<String> wanted = new HashSet<>(asked);
                wanted.addAll(own);
                double score = bestWindow(wanted);
                if (score > bestScore) {
                    bestScore = score;
                    best = candidate;
                }
            }
            return best;
        }

        private double bestWindow(Set<String> wanted) {
            int size = Math.min(wanted.size(), words.size());
            double sum = 0;
            double best = 0;
            for (int i = 0; i < words.size(); i++) {
                sum += weight(words.get(i), wanted);
                if (i >= size) {
                    sum -= weight(words.get(i - size), wanted);
                }
                best = Math.max(best, sum);
            }
            return best;
        }

        private double weight(String word, Set<String> wanted) {
            return wanted.contains(word) ? Math.log(1 + 1.0 / counts.get(word)) : 0;
        }
    }
}
