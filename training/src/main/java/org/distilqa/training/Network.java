package org.distilqa.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * DistilBERT with a head for question answering, as PyTorch trains it. Matrices are kept as (in, out), query, key and value
 * side by side; the export turns them into the checkpoint's form.
 */
final class Network {
    private static final float EPSILON = 1e-12f;

    private final Dimensions dimensions;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    /**
     * @param initial the first values, by name, each a flat array
     */
    Network(Dimensions dimensions, NDManager manager, Map<String, Initialization.Tensor> initial) {
        this.dimensions = dimensions;
        initial.forEach((name, tensor) -> {
            NDArray parameter = manager.create(tensor.values(), new Shape(tensor.shape()));
            parameter.setRequiresGradient(true);
            parameters.put(name, parameter);
        });
    }

    Map<String, NDArray> parameters() {
        return parameters;
    }

    /** The start and end logits, (2, sequences, tokens), of a batch. */
    NDArray logits(Batch batch) {
        long sequences = batch.ids().getShape().get(0);
        long tokens = batch.ids().getShape().get(1);
        int width = dimensions.width();
        NDArray sum = embedding(batch.ids(), "word").add(embedding(batch.positions(), "position"));
        NDArray hidden = norm(sum.reshape(sequences * tokens, width), "embeddings");
        for (int layer = 0; layer < dimensions.layers(); layer++) {
            String prefix = layer + ".";
            NDArray attended = norm(
                    attention(hidden, prefix, batch.mask(), sequences, tokens).add(hidden), prefix + "attention");
            NDArray inner = Activation.gelu(linear(attended, prefix + "lin1"));
            hidden = norm(linear(inner, prefix + "lin2").add(attended), prefix + "output");
        }
        return linear(hidden, "qa").reshape(sequences, tokens, 2).transpose(2, 0, 1);
    }

    private NDArray attention(NDArray hidden, String prefix, NDArray mask, long sequences, long tokens) {
        int heads = dimensions.heads();
        NDArray fused = linear(hidden, prefix + "qkv")
                .reshape(sequences, tokens, 3, heads, dimensions.headWidth())
                .transpose(2, 0, 3, 1, 4);
        NDArray query = fused.get(0);
        NDArray key = fused.get(1);
        NDArray value = fused.get(2);
        NDArray scores = query.matMul(key.transpose(0, 1, 3, 2))
                .mul((float) (1 / Math.sqrt(dimensions.headWidth())))
                .add(mask);
        NDArray mixed = scores.softmax(-1).matMul(value).transpose(0, 2, 1, 3);
        return linear(mixed.reshape(sequences * tokens, dimensions.width()), prefix + "out");
    }

    private NDArray embedding(NDArray ids, String name) {
        return ids.getNDArrayInternal()
                .embedding(ids, parameters.get(name), SparseFormat.DENSE)
                .head();
    }

    private NDArray linear(NDArray input, String name) {
        return input.matMul(parameters.get(name + ".weight")).add(parameters.get(name + ".bias"));
    }

    private NDArray norm(NDArray input, String name) {
        NDList normed = input.getNDArrayInternal()
                .layerNorm(
                        input,
                        new Shape(dimensions.width()),
                        parameters.get(name + ".norm.weight"),
                        parameters.get(name + ".norm.bias"),
                        EPSILON);
        return normed.head();
    }

    /** The cross entropy of the right start and end, averaged over the batch. */
    NDArray loss(NDArray logits, Batch batch) {
        NDArray probabilities = logits.add(batch.contextMask()).logSoftmax(-1);
        return probabilities
                .mul(batch.targets())
                .sum()
                .mul(-0.5f / batch.ids().getShape().get(0));
    }
}
