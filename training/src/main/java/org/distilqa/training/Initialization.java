package org.distilqa.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The first weights. Instead of leaving all to chance, some attention heads begin as what question answering needs and a
 * short training would hardly find:
 *
 * <ul>
 *   <li>Token embeddings and position embeddings use different columns, so that heads can look at one of them alone.
 *   <li>A head of each of the first two layers attends to equal tokens, and brings their positions: a token of the context
 *       that stands in the question too sees a position before the context.
 *   <li>Two heads of the first layer attend to the token before and the token after, by turning the sine and cosine pairs
 *       of the position embeddings; heads of later layers attend to a neighbourhood.
 *   <li>One head of the first layer attends to question words, which share a direction.
 *   <li>A word with a capital letter begins near the same word without, an inflected form near its base form, which a
 *       question with "did" has, and words of like use or meaning near to each other ({@link WordVectors}).
 * </ul>
 *
 * <p>All of it is trained further.
 */
final class Initialization {
    /** The file with the base forms of words, one "form, tabulator, base form" a line. */
    static final String FORMS = "forms.tsv";

    /** The file with the vectors of words, one "word, tabulator, numbers with spaces between" a line. */
    static final String VECTORS = "vectors.tsv";

    private static final Set<String> QUESTION_WORDS =
            Set.of("who", "whom", "whose", "what", "which", "when", "where", "why", "how", "many", "much", "long");
    private static final int POSITION_COLUMNS = 64;

    /** What a word's first embedding has of its own, of its base form's, and of its vector: squares that sum to about 1. */
    private static final double OWN = 0.6;

    private static final double BASE = 0.55;
    private static final double VECTOR = 0.75;
    private static final double DEVIATION = 0.03;

    /**
     * Values of a parameter.
     *
     * @param shape its dimensions
     * @param values row by row
     */
    record Tensor(long[] shape, float[] values) {
        static Tensor filled(float value, long... shape) {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            Arrays.fill(values, value);
            return new Tensor(shape, values);
        }

        void set(int row, int column, double value) {
            values[row * (int) shape[shape.length - 1] + column] = (float) value;
        }
    }

    private final Dimensions dimensions;
    private final List<String> vocabulary;
    private final Map<String, String> forms;
    private final Map<String, float[]> vectors;
    private final Random random;
    private final int tokenColumns;
    private final double[] frequencies = new double[POSITION_COLUMNS / 2 - 1];
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private double[] questionWord;

    private Initialization(
            Dimensions dimensions,
            List<String> vocabulary,
            Map<String, String> forms,
            Map<String, float[]> vectors,
            Random random) {
        this.dimensions = dimensions;
        this.vocabulary = vocabulary;
        this.forms = forms;
        this.vectors = vectors;
        this.random = random;
        this.tokenColumns = wordColumns(dimensions.width());
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 2.2 * Math.pow(0.008 / 2.2, (double) i / (frequencies.length - 1));
        }
    }

    /** The columns of a hidden state that begin as the token's, and so the elements of a word's vector. */
    static int wordColumns(int width) {
        return width - POSITION_COLUMNS;
    }

    /** The first weights for a vocabulary, with the base forms and vectors that stand beside it in the working folder. */
    static Map<String, Tensor> of(Path work, Dimensions dimensions) throws IOException {
        Map<String, String> forms = new HashMap<>();
        for (String line : Files.readAllLines(work.resolve(FORMS))) {
            forms.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1));
        }
        Map<String, float[]> vectors = new HashMap<>();
        for (String line : Files.readAllLines(work.resolve(VECTORS))) {
            String[] numbers = line.substring(line.indexOf('\t') + 1).split(" ");
            float[] vector = new float[numbers.length];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = Float.parseFloat(numbers[i]);
            }
            vectors.put(line.substring(0, line.indexOf('\t')), vector);
        }
        List<String> vocabulary = Files.readAllLines(work.resolve("checkpoint/vocab.txt"));
        return of(dimensions, vocabulary, forms, vectors, new Random(1));
    }

    private static Map<String, Tensor> of(
            Dimensions dimensions,
            List<String> vocabulary,
            Map<String, String> forms,
            Map<String, float[]> vectors,
            Random random) {
        Initialization initialization = new Initialization(dimensions, vocabulary, forms, vectors, random);
        initialization.embeddings();
        for (int layer = 0; layer < dimensions.layers(); layer++) {
            initialization.layer(layer);
        }
        initialization.tensors.put("qa.weight", initialization.noise(dimensions.width(), 2));
        initialization.tensors.put("qa.bias", Tensor.filled(0, 2));
        return initialization.tensors;
    }

    private Tensor noise(int rows, int columns) {
        Tensor tensor = Tensor.filled(0, rows, columns);
        for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        return tensor;
    }

    private double[] direction(int columns) {
        return random.doubles(columns, -1, 1).map(x -> x * Math.sqrt(3)).toArray();
    }

    private void norm(String name) {
        tensors.put(name + ".norm.weight", Tensor.filled(1, dimensions.width()));
        tensors.put(name + ".norm.bias", Tensor.filled(0, dimensions.width()));
    }

    private void embeddings() {
        Tensor words = Tensor.filled(0, dimensions.vocabulary(), dimensions.width());
        double[] capital = direction(tokenColumns);
        double[] continued = direction(tokenColumns);
        double[] digit = direction(tokenColumns);
        questionWord = direction(tokenColumns);
        Map<String, double[]> known = new LinkedHashMap<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            String piece = vocabulary.get(id);
            String letters = piece.startsWith("##") ? piece.substring(2) : piece;
            String small = letters.toLowerCase(Locale.ROOT);
            double[] own = word(small, known);
            boolean isCapital = !small.equals(letters) && id >= WordPieces.SPECIAL.size();
            boolean isDigit = Character.isDigit(letters.isEmpty() ? '#' : letters.charAt(0));
            for (int c = 0; c < tokenColumns; c++) {
                double value = own[c]
                        + (isCapital ? 0.5 * capital[c] : 0)
                        + (piece.length() > 2 && piece.startsWith("##") ? 0.5 * continued[c] : 0)
                        + (isDigit ? 0.5 * digit[c] : 0)
                        + (QUESTION_WORDS.contains(small) ? 1.0 * questionWord[c] : 0);
                words.set(id, c, value);
            }
        }
        tensors.put("word", words);
        Tensor positions = Tensor.filled(0, dimensions.positions(), dimensions.width());
        for (int p = 0; p < dimensions.positions(); p++) {
            for (int i = 0; i < frequencies.length; i++) {
                positions.set(p, tokenColumns + 2 * i, Math.sqrt(2) * Math.sin(frequencies[i] * p));
                positions.set(p, tokenColumns + 2 * i + 1, Math.sqrt(2) * Math.cos(frequencies[i] * p));
            }
            // A question has about a dozen tokens.
            positions.set(p, dimensions.width() - 2, 2 * Math.tanh((15 - p) / 4.0));
            positions.set(p, dimensions.width() - 1, p == 0 ? 2 : 0);
        }
        tensors.put("position", positions);
        norm("embeddings");
    }

    private double[] word(String small, Map<String, double[]> known) {
        double[] found = known.get(small);
        if (found == null) {
            double[] own = direction(tokenColumns);
            double[] base = forms.containsKey(small) ? word(forms.get(small), known) : new double[tokenColumns];
            float[] vector = vectors.getOrDefault(small, new float[tokenColumns]);
            found = new double[tokenColumns];
            for (int c = 0; c < tokenColumns; c++) {
                found[c] = OWN * own[c] + BASE * base[c] + VECTOR * Math.sqrt(tokenColumns) * vector[c];
            }
            // All of the length of a random direction.
            double squares = Arrays.stream(found).map(x -> x * x).sum();
            for (int c = 0; c < tokenColumns; c++) {
                found[c] *= Math.sqrt(tokenColumns / squares);
            }
            known.put(small, found);
        }
        return found;
    }

    private void layer(int layer) {
        int width = dimensions.width();
        String prefix = layer + ".";
        Tensor fused = noise(width, 3 * width);
        Tensor fusedBias = Tensor.filled(0, 3 * width);
        Tensor out = noise(width, width);
        if (layer == 0) {
            equalTokens(fused, out, 0);
            offset(fused, out, 1, -1, 2.0);
            offset(fused, out, 2, 1, 2.0);
            questionWords(fused, fusedBias, out, 3);
        } else if (layer == 1) {
            equalTokens(fused, out, 0);
            offset(fused, out, 1, 0, 0.9);
        } else {
            offset(fused, out, 1, 0, 0.7);
        }
        tensors.put(prefix + "qkv.weight", fused);
        tensors.put(prefix + "qkv.bias", fusedBias);
        tensors.put(prefix + "out.weight", out);
        tensors.put(prefix + "out.bias", Tensor.filled(0, width));
        norm(prefix + "attention");
        tensors.put(prefix + "lin1.weight", noise(width, dimensions.hidden()));
        tensors.put(prefix + "lin1.bias", Tensor.filled(0, dimensions.hidden()));
        tensors.put(prefix + "lin2.weight", noise(dimensions.hidden(), width));
        tensors.put(prefix + "lin2.bias", Tensor.filled(0, width));
        norm(prefix + "output");
    }

    /** Rows at right angles, of length 1, in the columns of the tokens. */
    private double[][] projection(int rows) {
        double[][] basis = new double[rows][];
        for (int r = 0; r < rows; r++) {
            double[] row = random.doubles(tokenColumns, -1, 1).toArray();
            for (int before = 0; before < r; before++) {
                double dot = 0;
                for (int c = 0; c < tokenColumns; c++) {
                    dot += row[c] * basis[before][c];
                }
                for (int c = 0; c < tokenColumns; c++) {
                    row[c] -= dot * basis[before][c];
                }
            }
            double length = Math.sqrt(Arrays.stream(row).map(x -> x * x).sum());
            basis[r] = Arrays.stream(row).map(x -> x / length).toArray();
        }
        return basis;
    }

    private void equalTokens(Tensor fused, Tensor out, int head) {
        int width = dimensions.width();
        int size = dimensions.headWidth();
        double[][] basis = projection(size);
        double[][] back = projection(size);
        for (int r = 0; r < size; r++) {
            for (int c = 0; c < tokenColumns; c++) {
                fused.set(c, head * size + r, 1.2 * basis[r][c]);
                fused.set(c, width + head * size + r, 1.2 * basis[r][c]);
                out.set(head * size + r, c, back[r][c] * (r >= POSITION_COLUMNS - 2 ? 2 : 0.5));
            }
            // The value is the equal token's position.
            if (r < POSITION_COLUMNS) {
                fused.set(tokenColumns + r, 2 * width + head * size + r, 1);
            }
        }
    }

    /** A head that attends to the token {@code distance} away: cos(f(p + distance - q)) is largest where q = p + distance. */
    private void offset(Tensor fused, Tensor out, int head, int distance, double sharpness) {
        int width = dimensions.width();
        int size = dimensions.headWidth();
        double[][] basis = projection(size);
        double[][] back = projection(size);
        for (int i = 0; i < frequencies.length && 2 * i + 1 < size; i++) {
            double angle = frequencies[i] * distance;
            int sine = tokenColumns + 2 * i;
            int at = head * size + 2 * i;
            fused.set(sine, at, sharpness * Math.cos(angle));
            fused.set(sine + 1, at, sharpness * Math.sin(angle));
            fused.set(sine, at + 1, -sharpness * Math.sin(angle));
            fused.set(sine + 1, at + 1, sharpness * Math.cos(angle));
            fused.set(sine, width + at, sharpness);
            fused.set(sine + 1, width + at + 1, sharpness);
        }
        for (int r = 0; r < size; r++) {
            for (int c = 0; c < tokenColumns; c++) {
                fused.set(c, 2 * width + head * size + r, basis[r][c]);
                out.set(head * size + r, c, 0.6 * back[r][c]);
            }
        }
    }

    private void questionWords(Tensor fused, Tensor bias, Tensor out, int head) {
        int width = dimensions.width();
        int size = dimensions.headWidth();
        double[][] basis = projection(size);
        double[][] back = projection(size);
        bias.values()[head * size] = 4;
        for (int c = 0; c < tokenColumns; c++) {
            fused.set(c, width + head * size, 12 * questionWord[c] / tokenColumns);
        }
        // More so where a question stands.
        fused.set(width - 2, width + head * size, 4);
        for (int r = 0; r < size; r++) {
            for (int c = 0; c < tokenColumns; c++) {
                fused.set(c, 2 * width + head * size + r, basis[r][c]);
                out.set(head * size + r, c, 0.6 * back[r][c]);
            }
        }
    }
}
