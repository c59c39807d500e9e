package org.distilqa.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Examples for one step, padded to the longest.
 *
 * @param ids (sequences, tokens)
 * @param positions (sequences, tokens)
 * @param mask (sequences, 1, 1, tokens): 0, or far below it where there is padding
 * @param contextMask (sequences, tokens): 0 in the context, far below it elsewhere
 * @param targets (2, sequences, tokens): 1 at the answer's first and at its last token
 */
record Batch(NDArray ids, NDArray positions, NDArray mask, NDArray contextMask, NDArray targets) {
    private static final float FAR_BELOW = -1e4f;

    /**
     * Puts examples together.
     *
     * @param positions how many positions there are
     * @param random where given, half of the contexts are moved to later positions, so that all positions are learned
     *     though most sequences are short; null to leave them
     */
    static Batch of(NDManager manager, List<Encoded> examples, int positions, Random random) {
        int sequences = examples.size();
        int tokens = examples.stream().mapToInt(Encoded::length).max().orElseThrow();
        long[] ids = new long[sequences * tokens];
        long[] places = new long[sequences * tokens];
        float[] mask = new float[sequences * tokens];
        float[] contextMask = new float[sequences * tokens];
        float[] targets = new float[2 * sequences * tokens];
        Arrays.fill(mask, FAR_BELOW);
        Arrays.fill(contextMask, FAR_BELOW);
        for (int s = 0; s < sequences; s++) {
            Encoded example = examples.get(s);
            int shift = random != null && random.nextInt(3) == 0 ? random.nextInt(positions - example.length() + 1) : 0;
            for (int t = 0; t < example.length(); t++) {
                int at = s * tokens + t;
                ids[at] = example.ids()[t];
                places[at] = t + (t >= example.context() ? shift : 0);
                mask[at] = 0;
                if (t >= example.context() && t < example.length() - 1) {
                    contextMask[at] = 0;
                }
            }
            targets[s * tokens + example.start()] = 1;
            targets[(sequences + s) * tokens + example.end()] = 1;
        }
        Shape shape = new Shape(sequences, tokens);
        return new Batch(
                manager.create(ids, shape),
                manager.create(places, shape),
                manager.create(mask, new Shape(sequences, 1, 1, tokens)),
                manager.create(contextMask, shape),
                manager.create(targets, new Shape(2, sequences, tokens)));
    }
}
