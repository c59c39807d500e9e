package org.distilqa.training;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a vocabulary of word pieces with capital letters: the commonest words whole, then the pieces that save most in the
 * words left, and all single characters, so that no English word is unknown.
 */
final class WordPieces {
    static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+|\\S");
    private static final int LONGEST_PIECE = 5;

    private final Map<String, Integer> counts = new HashMap<>();

    /** Counts the words of a text, split as BERT's tokenizer does. */
    void add(String text) {
        Matcher matcher =
                WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}+", ""));
        while (matcher.find()) {
            counts.merge(matcher.group(), 1, Integer::sum);
        }
    }

    /**
     * The vocabulary.
     *
     * @param words how many whole words
     * @param pieces how many pieces besides, at the beginning of words and further on in equal parts
     */
    List<String> learn(int words, int pieces) {
        Set<String> vocabulary = new LinkedHashSet<>(SPECIAL);
        for (char c = '!'; c <= '~'; c++) {
            vocabulary.add(String.valueOf(c));
        }
        for (char c = '0'; c <= 'z'; c++) {
            if (Character.isLetterOrDigit(c)) {
                vocabulary.add("##" + c);
            }
        }
        for (int i = 0; i < 100; i++) {
            String digits = String.valueOf(100 + i).substring(1);
            vocabulary.add(digits);
            vocabulary.add("##" + digits);
        }
        vocabulary.addAll(List.of("000", "–", "—", "’", "‘", "“", "”", "…", "°", "£", "€", "½", "²", "·"));
        List<Map.Entry<String, Integer>> ranked = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        int taken = 0;
        for (Map.Entry<String, Integer> entry : ranked) {
            String word = entry.getKey();
            if (taken < words && word.matches("[A-Za-z]{2,}|1[0-9]{3}|20[0-2][0-9]") && vocabulary.add(word)) {
                taken++;
            }
        }
        addPieces(vocabulary, pieces / 2, true);
        addPieces(vocabulary, pieces / 2, false);
        return new ArrayList<>(vocabulary);
    }

    /** The pieces of words not taken whole that stand for the most characters. */
    private void addPieces(Set<String> vocabulary, int number, boolean first) {
        Map<String, Long> savings = new HashMap<>();
        counts.forEach((word, count) -> {
            if (vocabulary.contains(word) || !word.matches("[A-Za-z]+") || word.length() > 30) {
                return;
            }
            for (int from = first ? 0 : 1; from < (first ? 1 : word.length() - 1); from++) {
                for (int to = from + 2; to <= Math.min(word.length(), from + LONGEST_PIECE); to++) {
                    savings.merge(word.substring(from, to), (long) count * (to - from - 1), Long::sum);
                }
            }
        });
        savings.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> first ? entry.getKey() : "##" + entry.getKey())
                .filter(piece -> !vocabulary.contains(piece))
                .limit(number)
                .toList()
                .forEach(vocabulary::add);
    }
}
