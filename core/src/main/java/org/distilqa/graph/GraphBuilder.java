package org.distilqa.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.InvalidModelException;

/**
 * Builds a {@link Graph} node by node and checks, for each, that the checkpoint has its parameters in the shapes that it
 * needs. Not safe for use by many threads.
 *
 * <p>Each method adds one node and returns it. Parameters are named by a prefix, as in the checkpoint: the layer norm
 * {@code distilbert.embeddings.LayerNorm} has the tensors {@code distilbert.embeddings.LayerNorm.weight} and
 * {@code .bias}.
 */
public final class GraphBuilder {
    private final Parameters parameters;
    private final List<Node> nodes = new ArrayList<>();

    /**
     * A builder of an empty graph.
     *
     * @param parameters where the parameters' shapes are looked up
     */
    public GraphBuilder(Parameters parameters) {
        this.parameters = parameters;
    }

    /**
     * Adds the sum of token and position embeddings.
     *
     * @param tokens the prefix of the token table
     * @param vocabularySize its rows
     * @param positions the prefix of the position table
     * @param maxPositions its rows
     * @param width the columns of both
     * @return the node
     * @throws InvalidModelException if the checkpoint lacks a table or has it in another shape
     */
    public Node embeddings(String tokens, int vocabularySize, String positions, int maxPositions, int width) {
        return embeddings(
                parameter(tokens + ".weight", vocabularySize, width),
                parameter(positions + ".weight", maxPositions, width),
                Optional.empty(),
                width);
    }

    /**
     * Adds the sum of token, position and type embeddings.
     *
     * @param tokens the prefix of the token table
     * @param vocabularySize its rows
     * @param positions the prefix of the position table
     * @param maxPositions its rows
     * @param types the prefix of the table of token types
     * @param typeCount its rows, at least 2
     * @param width the columns of all three
     * @return the node
     * @throws InvalidModelException if the checkpoint lacks a table or has it in another shape
     */
    public Node embeddings(
            String tokens,
            int vocabularySize,
            String positions,
            int maxPositions,
            String types,
            int typeCount,
            int width) {
        if (typeCount < 2) {
            throw new IllegalStateException(types + ": there are two token types, not " + typeCount);
        }
        return embeddings(
                parameter(tokens + ".weight", vocabularySize, width),
                parameter(positions + ".weight", maxPositions, width),
                Optional.of(parameter(types + ".weight", typeCount, width)),
                width);
    }

    private Node embeddings(Parameter tokens, Parameter positions, Optional<Parameter> types, int width) {
        if (!nodes.isEmpty()) {
            throw new IllegalStateException("the embeddings are the first node of a graph");
        }
        return add(new Op.Embeddings(tokens, positions, types), List.of(), width);
    }

    /**
     * Adds a layer norm. Its tensors may also have the names that they had in TensorFlow, {@code gamma} and {@code beta}.
     *
     * @param prefix the prefix of its weight and bias
     * @param epsilon what is added to the variance
     * @param inputs one node, or two of the same width whose sum is normalised
     * @return the node
     * @throws InvalidModelException if the checkpoint lacks a tensor or has it in another shape
     */
    public Node layerNorm(String prefix, double epsilon, Node... inputs) {
        if (inputs.length < 1 || inputs.length > 2 || inputs[inputs.length - 1].width() != inputs[0].width()) {
            throw new IllegalStateException(prefix + ": a layer norm takes one input, or two of the same width");
        }
        int width = inputs[0].width();
        String weight = nameThatIsThere(prefix + ".weight", prefix + ".gamma");
        String bias = nameThatIsThere(prefix + ".bias", prefix + ".beta");
        Op op = new Op.LayerNorm(parameter(weight, width), parameter(bias, width), epsilon);
        return add(op, List.of(inputs), width);
    }

    private String nameThatIsThere(String name, String olderName) {
        return parameters.shape(name).isEmpty() && parameters.shape(olderName).isPresent() ? olderName : name;
    }

    /**
     * Adds an affine map, or several side by side.
     *
     * @param prefixes the prefixes of the maps' weights and biases
     * @param outputs the columns that each map gives
     * @param activation what is applied to each output
     * @param input the node that is mapped
     * @return the node, of {@code outputs * prefixes.size()} columns
     * @throws InvalidModelException if the checkpoint lacks a tensor or has it in another shape
     */
    public Node linear(List<String> prefixes, int outputs, Activation activation, Node input) {
        List<Parameter> weights = new ArrayList<>();
        List<Parameter> biases = new ArrayList<>();
        for (String prefix : prefixes) {
            weights.add(parameter(prefix + ".weight", outputs, input.width()));
            biases.add(parameter(prefix + ".bias", outputs));
        }
        return add(new Op.Linear(weights, biases, activation), List.of(input), outputs * prefixes.size());
    }

    /**
     * Adds self-attention, with the scale {@code 1 / sqrt(dim / heads)}.
     *
     * @param heads how many heads
     * @param queryKeyValue the node with queries, keys and values side by side
     * @return the node, a third as wide as its input
     */
    public Node selfAttention(int heads, Node queryKeyValue) {
        int width = queryKeyValue.width() / 3;
        if (queryKeyValue.width() % 3 != 0 || heads < 1 || width % heads != 0) {
            throw new IllegalStateException(
                    "self-attention with " + heads + " heads cannot take " + queryKeyValue.width() + " columns");
        }
        return add(new Op.SelfAttention(heads, 1 / Math.sqrt(width / heads)), List.of(queryKeyValue), width);
    }

    /**
     * The graph with the nodes added so far, the last of which is its output: the question-answering head, whose columns are the
     * start and the end logit of each token.
     *
     * @return the graph
     * @throws IllegalArgumentException if the last node is not an affine map to two columns
     */
    public Graph build() {
        return new Graph(nodes);
    }

    private Node add(Op op, List<Node> inputs, int width) {
        Node node = new Node(nodes.size(), op, inputs.stream().map(Node::index).toList(), width);
        nodes.add(node);
        return node;
    }

    private Parameter parameter(String name, long... dimensions) {
        Shape expected = Shape.of(dimensions);
        Shape actual = parameters
                .shape(name)
                .orElseThrow(() -> new InvalidModelException(parameters.source() + ": tensor " + name
                        + " is missing; its shape should be " + expected
                        + ". Is this a checkpoint for question answering, and does config.json belong to it?"));
        if (!actual.equals(expected)) {
            throw new InvalidModelException(parameters.source() + ": tensor " + name + " has shape " + actual
                    + ", but config.json asks for " + expected
                    + " (a field that it lacks has the default of transformers)");
        }
        return new Parameter(name, expected);
    }
}
