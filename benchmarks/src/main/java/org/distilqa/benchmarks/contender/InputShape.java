package org.distilqa.benchmarks.contender;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.graph.NetworkConfig;

/**
 * The shape of a batch whose sequences are all of one length, so that nobody pads.
 *
 * @param batch how many sequences
 * @param length the tokens of each
 */
public record InputShape(int batch, int length) {
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,3})x([1-9]\\d{0,3})");

    /** Reads what {@link #toString()} writes. */
    public static InputShape parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new BenchmarkException(
                    "\"" + text + "\" is not a shape; write it as sequences x tokens, such as 8x384");
        }
        return new InputShape(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** The tokens of a batch of this shape, always the same ones. */
    public int[][] tokens(int vocabularySize) {
        Random random = new Random(1);
        int[][] ids = new int[batch][];
        for (int sequence = 0; sequence < batch; sequence++) {
            ids[sequence] = random.ints(length, 0, vocabularySize).toArray();
        }
        return ids;
    }

    /**
     * The floating-point operations that a network for question answering needs for a batch of this shape: two for every
     * multiplication with addition in its matrix products. A token of a layer takes {@code 4 * dim^2} of these in the
     * attention's four maps, {@code 2 * dim * hidden} in the feed-forward's two and {@code 2 * length * dim} in the two
     * products of attention; the head takes {@code 2 * dim}. What is not a product (embeddings, layer norms, softmax, gelu) is
     * not counted: it is less than a hundredth, and everybody has the same.
     */
    public long operations(NetworkConfig config) {
        long dim = config.dim();
        long layer = 4 * dim * dim + 2 * dim * config.hiddenDim() + 2 * length * dim;
        long token = config.nLayers() * layer + 2 * dim;
        return Math.multiplyExact(2 * token, (long) batch * length);
    }

    /** For example {@code 8x384}. */
    @Override
    public String toString() {
        return batch + "x" + length;
    }
}
