package org.distilqa.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.training.WordNet.Synset;

/**
 * Vectors of words, near to each other for words of like use, meaning or form: the largest singular vectors of a matrix with a row
 * for each word. Its columns are positive pointwise mutual informations with the words nearby (Levy, Goldberg and Dagan, 2015,
 * "Improving Distributional Similarity with Lessons Learned from Word Embeddings"), the meanings in WordNet with the more general
 * ones above them, synonyms, and the first letters.
 */
final class WordVectors {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final int CONTEXT_WORDS = 5000;
    private static final int WINDOW = 5;
    private static final double SMOOTHING = 0.75;
    private static final int SENSES = 2;
    private static final int GENERATIONS = 5;
    private static final int ITERATIONS = 6;

    /** What the kinds of columns count for. */
    private static final double NEARBY = 1;

    private static final double MEANING = 0.9;
    private static final double LETTERS = 0.5;

    /** The elements of a row that are not 0. */
    private record Sparse(int[] places, float[] values) {
        Sparse with(Map<Integer, Double> more, double factor) {
            int[] allPlaces = Arrays.copyOf(places, places.length + more.size());
            float[] allValues = Arrays.copyOf(values, values.length + more.size());
            int at = places.length;
            for (Map.Entry<Integer, Double> entry : new TreeMap<>(more).entrySet()) {
                allPlaces[at] = entry.getKey();
                allValues[at++] = (float) (entry.getValue() * factor);
            }
            return new Sparse(allPlaces, allValues);
        }
    }

    private final Map<String, Integer> rows = new LinkedHashMap<>();
    private final Map<String, Integer> nearby = new HashMap<>();
    private final List<Sparse> columns = new ArrayList<>();
    private final float[][] counts;

    /**
     * @param words the words to find vectors for, in small letters, the most frequent first: these are counted nearby too
     */
    WordVectors(List<String> words) {
        for (String word : words) {
            rows.putIfAbsent(word, rows.size());
        }
        for (String word : words.subList(0, Math.min(words.size(), CONTEXT_WORDS))) {
            nearby.putIfAbsent(word, nearby.size());
        }
        counts = new float[rows.size()][nearby.size()];
    }

    /** Counts the words near each word of a text; near ones count more. */
    void add(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        for (int i = 0; i < words.size(); i++) {
            Integer row = rows.get(words.get(i));
            if (row == null) {
                continue;
            }
            for (int j = Math.max(0, i - WINDOW); j <= Math.min(words.size() - 1, i + WINDOW); j++) {
                Integer column = nearby.get(words.get(j));
                if (column != null && j != i) {
                    counts[row][column] += 1f / Math.abs(j - i);
                }
            }
        }
    }

    /**
     * The vectors, of length 1; those of words of which nothing is known are zero.
     *
     * @param size how many elements a vector has
     * @param seed where the search begins
     */
    Map<String, float[]> vectors(WordNet wordNet, Lexicon lexicon, int size, long seed) {
        Map<String, Map<Object, Double>> meanings = new LinkedHashMap<>();
        Map<String, Map<Object, Double>> letters = new LinkedHashMap<>();
        for (String word : rows.keySet()) {
            meanings.put(word, meanings(word, wordNet, lexicon));
            letters.put(word, letters(word));
        }
        for (int row = 0; row < rows.size(); row++) {
            columns.add(new Sparse(new int[0], new float[0]));
        }
        addInformation();
        int next = addFeatures(meanings, nearby.size(), MEANING);
        next = addFeatures(letters, next, LETTERS);
        float[] found = singular(next, size, seed);
        Map<String, float[]> vectors = new LinkedHashMap<>();
        rows.forEach((word, row) -> vectors.put(word, Arrays.copyOfRange(found, row * size, (row + 1) * size)));
        return vectors;
    }

    // The columns

    private void addInformation() {
        double[] rowSums = new double[rows.size()];
        double[] columnSums = new double[nearby.size()];
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < nearby.size(); column++) {
                rowSums[row] += counts[row][column];
                columnSums[column] += counts[row][column];
            }
        }
        double total = 0;
        for (int column = 0; column < columnSums.length; column++) {
            columnSums[column] = Math.pow(columnSums[column], SMOOTHING);
            total += columnSums[column];
        }
        for (int row = 0; row < rows.size(); row++) {
            Map<Integer, Double> own = new HashMap<>();
            for (int column = 0; column < columnSums.length; column++) {
                double information = Math.log(counts[row][column] * total / (rowSums[row] * columnSums[column]));
                if (counts[row][column] > 0 && information > 0) {
                    own.put(column, information);
                }
            }
            // What is known of a rare word is mostly chance.
            addScaled(row, own, NEARBY * Math.min(1, Math.sqrt(rowSums[row] / 200)));
        }
    }

    private int addFeatures(Map<String, Map<Object, Double>> features, int from, double weight) {
        Map<Object, Integer> holders = new LinkedHashMap<>();
        features.values().forEach(own -> own.keySet().forEach(feature -> holders.merge(feature, 1, Integer::sum)));
        Map<Object, Integer> places = new HashMap<>();
        holders.forEach((feature, number) -> {
            if (number > 1) {
                places.put(feature, from + places.size());
            }
        });
        features.forEach((word, own) -> {
            Map<Integer, Double> placed = new HashMap<>();
            own.forEach((feature, value) -> {
                if (places.containsKey(feature)) {
                    double rarity = Math.log((double) rows.size() / holders.get(feature));
                    placed.put(places.get(feature), value * rarity);
                }
            });
            addScaled(rows.get(word), placed, weight);
        });
        return from + places.size();
    }

    private void addScaled(int row, Map<Integer, Double> own, double length) {
        double norm = Math.sqrt(own.values().stream().mapToDouble(x -> x * x).sum());
        columns.set(row, columns.get(row).with(own, norm > 0 ? length / norm : 0));
    }

    private static Map<Object, Double> meanings(String word, WordNet wordNet, Lexicon lexicon) {
        Map<Object, Double> found = new HashMap<>();
        String base = lexicon.base(word).orElse(word);
        List<Synset> senses = wordNet.senses(base);
        for (int sense = 0; sense < Math.min(SENSES, senses.size()); sense++) {
            Synset synset = senses.get(sense);
            double weight = sense == 0 ? 1 : 0.5;
            for (int generation = 0; synset != null && generation < GENERATIONS; generation++) {
                found.merge(synset, weight, Math::max);
                synset = wordNet.parent(synset).orElse(null);
                weight *= 0.8;
            }
        }
        List<String> synonyms = wordNet.synonyms(base);
        if (!synonyms.isEmpty()) {
            found.put(synonyms, 1.0);
        }
        if (!senses.isEmpty() || !synonyms.isEmpty()) {
            found.put(base, 1.0);
        }
        return found;
    }

    /** Beginnings of words, which those that are derived from one another share. */
    private static Map<Object, Double> letters(String word) {
        Map<Object, Double> found = new HashMap<>();
        for (int length = 4; length <= Math.min(7, word.length()); length++) {
            found.put(word.substring(0, length), 1.0);
        }
        return found;
    }

    // The singular vectors

    /** By subspace iteration from a random start; each times the root of its singular value, then the rows at length 1. */
    private float[] singular(int width, int size, long seed) {
        int height = rows.size();
        Random random = new Random(seed);
        float[] right = new float[width * size];
        for (int i = 0; i < right.length; i++) {
            right[i] = (float) random.nextGaussian();
        }
        float[] left = {};
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            makeOrthogonal(right, width, size);
            left = new float[height * size];
            for (int row = 0; row < height; row++) {
                Sparse own = columns.get(row);
                for (int i = 0; i < own.places().length; i++) {
                    Rows.addScaled(own.values()[i], right, own.places()[i] * size, left, row * size, size);
                }
            }
            if (iteration + 1 < ITERATIONS) {
                Arrays.fill(right, 0);
                for (int row = 0; row < height; row++) {
                    Sparse own = columns.get(row);
                    for (int i = 0; i < own.places().length; i++) {
                        Rows.addScaled(own.values()[i], left, row * size, right, own.places()[i] * size, size);
                    }
                }
            }
        }
        scale(left, height, size);
        return left;
    }

    /** Gram and Schmidt's columns at right angles, of length 1. */
    private static void makeOrthogonal(float[] matrix, int height, int size) {
        for (int column = 0; column < size; column++) {
            float[] dots = new float[size];
            for (int at = 0; at < height * size; at += size) {
                Rows.addScaled(matrix[at + column], matrix, at, dots, 0, size);
            }
            Arrays.fill(dots, column, size, 0);
            double squares = 0;
            for (int at = 0; at < height * size; at += size) {
                matrix[at + column] -= Rows.dot(matrix, at, dots, 0, Rows.padded(column));
                squares += matrix[at + column] * matrix[at + column];
            }
            float factor = (float) (1 / Math.sqrt(squares));
            for (int at = column; at < height * size; at += size) {
                matrix[at] *= factor;
            }
        }
    }

    private static void scale(float[] left, int height, int size) {
        double[] squares = new double[size];
        for (int at = 0; at < height * size; at++) {
            squares[at % size] += left[at] * left[at];
        }
        for (int at = 0; at < height * size; at++) {
            left[at] /= (float) Math.sqrt(Math.sqrt(squares[at % size]));
        }
        for (int at = 0; at < height * size; at += size) {
            float norm = (float) Math.sqrt(Rows.dot(left, at, left, at, size));
            for (int i = at; i < at + size; i++) {
                left[i] = norm > 0 ? left[i] / norm : 0;
            }
        }
    }
}
