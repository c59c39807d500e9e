package org.distilqa.graph;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@link Node} computes. All ops work on a matrix with one row per token: row {@code t} of the result depends on
 * row {@code t} of the inputs alone, except in {@link SelfAttention}, where the tokens of one sequence see each other.
 */
public sealed interface Op {

    /**
     * The parameters that the op uses.
     *
     * @return the parameters, in the order of the record's components
     */
    List<Parameter> parameters();

    /**
     * The sum of a token's embedding, its position's and, in BERT, its type's: row {@code t} is {@code tokens[id(t)] +
     * positions[p(t)] + types[k(t)]}, where {@code p(t)} is the token's place in its sequence, from 0, and {@code k(t)} is 1 in
     * the sequence's second segment and 0 before it. Takes no input.
     *
     * @param tokens the token table, {@code [vocabulary, dim]}
     * @param positions the position table, {@code [positions, dim]}
     * @param types the table of token types, {@code [types, dim]}, of at least two rows; empty where a network has none
     */
    record Embeddings(Parameter tokens, Parameter positions, Optional<Parameter> types) implements Op {
        @Override
        public List<Parameter> parameters() {
            return Stream.concat(Stream.of(tokens, positions), types.stream()).toList();
        }
    }

    /**
     * Layer normalisation (Ba, Kiros and Hinton, 2016) of each row: {@code (x - mean) / sqrt(variance + epsilon) * weight
     * + bias}, with the biased variance. With two inputs, {@code x} is their sum (the residual connection); with one, the
     * input itself.
     *
     * @param weight the scale, {@code [dim]}
     * @param bias the shift, {@code [dim]}
     * @param epsilon what is added to the variance
     */
    record LayerNorm(Parameter weight, Parameter bias, double epsilon) implements Op {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight, bias);
        }
    }

    /**
     * An affine map of each row, {@code activation(x * transpose(W) + b)}. {@code W} is one matrix of the checkpoint or
     * several of the same width on top of each other, so that the query, key and value maps are one multiplication; the
     * result has their outputs side by side, in order.
     *
     * @param weights the matrices, each {@code [outputs, inputs]} with the same inputs
     * @param biases a vector {@code [outputs]} for each matrix
     * @param activation what is applied to each output
     */
    record Linear(List<Parameter> weights, List<Parameter> biases, Activation activation) implements Op {
        /**
         * Copies the lists.
         *
         * @param weights the matrices
         * @param biases a vector {@code [outputs]} for each matrix
         * @param activation what is applied to each output
         */
        public Linear {
            weights = List.copyOf(weights);
            biases = List.copyOf(biases);
        }

        @Override
        public List<Parameter> parameters() {
            return Stream.concat(weights.stream(), biases.stream()).toList();
        }
    }

    /**
     * Multi-head scaled dot-product attention (Vaswani et al., 2017, equation 1) of each sequence with itself. The input
     * has {@code 3 * dim} columns: queries, keys and values, each with its heads side by side. For every head,
     * {@code softmax(Q * transpose(K) * scale) * V} over the tokens of the same sequence, none of them masked; the result
     * has the heads side by side, {@code dim} columns.
     *
     * @param heads how many heads; divides {@code dim}
     * @param scale what the scores are multiplied with, {@code 1 / sqrt(dim / heads)} in BERT and DistilBERT
     */
    record SelfAttention(int heads, double scale) implements Op {
        @Override
        public List<Parameter> parameters() {
            return List.of();
        }
    }
}
