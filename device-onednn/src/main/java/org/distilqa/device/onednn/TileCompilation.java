package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Turns a graph into stages on the tile unit, in bfloat16 or int8. Queries, keys and values, the results of attention and those of
 * activations are bfloat16; the sums of residual connections and the logits are float32. A layer norm makes the input of the linear
 * maps after it at once.
 */
final class TileCompilation {
    private final Graph graph;
    private final GraphUses uses;
    private final ResultRoles roles;
    private final Parameters parameters;
    private final Precision precision;
    private final NativeScope scope;
    private final NativeArena arena;
    private final KernelBuilder.Target target;
    private final RowKernels kernels;
    private final Map<Integer, TileWeights> weights = new HashMap<>();
    private final Map<Integer, TileInput> inputs = new HashMap<>();
    private final Places places = new Places();
    private final ResultPlaces results;
    private final List<Stage> stages = new ArrayList<>();
    private List<Step> steps = new ArrayList<>();

    TileCompilation(
            Graph graph,
            Parameters parameters,
            Precision precision,
            NativeScope scope,
            KernelBuilder.Target target,
            RowKernels kernels) {
        this.graph = graph;
        this.uses = new GraphUses(graph);
        this.roles = new ResultRoles(graph, uses);
        this.parameters = parameters;
        this.precision = precision;
        this.scope = scope;
        this.arena = new NativeArena(scope);
        this.target = target;
        this.kernels = kernels;
        this.results = new ResultPlaces(graph, uses, roles, this::type, places);
    }

    /** Whether all of a graph fits the tiles; if not, {@link Compilation} compiles it. */
    static boolean isFor(Graph graph, Precision precision) {
        ResultRoles roles = new ResultRoles(graph, new GraphUses(graph));
        return precision != Precision.FLOAT32
                && graph.nodes().stream().allMatch(node -> {
                    if (node.op() instanceof Op.Linear op) {
                        return roles.isOutput(node)
                                || TileWeights.areFor(
                                        precision, input(graph, node).width(), node.width(), op.activation());
                    }
                    if (node.op() instanceof Op.SelfAttention op) {
                        return roles.queryScale(input(graph, node)) == op.scale()
                                && roles.isAttended(input(graph, node))
                                && TileAttentionStage.isFor(node.width() / op.heads());
                    }
                    return !(node.op() instanceof Op.LayerNorm) || node.width() % 64 == 0;
                });
    }

    private static Node input(Graph graph, Node node) {
        return graph.nodes().get(node.inputs().get(0));
    }

    private Node input(Node node) {
        return input(graph, node);
    }

    private int type(Node node) {
        return roles.isAttended(node) || roles.isActivated(node) || node.op() instanceof Op.SelfAttention
                ? OneDnn.BF16
                : OneDnn.F32;
    }

    /** Compiles, with all workers. */
    Compilation.Result run(Workers workers, Lane[] lanes) {
        prepareWeights(workers);
        for (Node node : graph.nodes()) {
            compile(node, lanes[0]);
            results.giveBackAfter(node);
        }
        stages.add(new RowStage(steps, precision.tileBlocking()));
        return new Compilation.Result(stages, places, results.of(graph.output()));
    }

    private void prepareWeights(Workers workers) {
        List<Node> maps = graph.nodes().stream().filter(this::isTileLinear).toList();
        TileWeights[] prepared = new TileWeights[maps.size()];
        workers.forEach(prepared.length, (index, worker) -> prepared[index] = weights(maps.get(index)));
        for (int i = 0; i < prepared.length; i++) {
            weights.put(maps.get(i).index(), prepared[i]);
        }
    }

    private boolean isTileLinear(Node node) {
        return node.op() instanceof Op.Linear && !roles.isOutput(node);
    }

    private LinearParameters parameters(Node node) {
        double scale = roles.queryScale(node) * (roles.isAttended(node) ? TileAttentionStage.LOG2_E : 1);
        return new LinearParameters(
                (Op.Linear) node.op(), input(node).width(), node.width(), (float) scale, parameters);
    }

    private TileWeights weights(Node node) {
        return precision == Precision.INT8
                ? TileWeights.quantized(QuantizedMatrix.of(parameters(node), quantization(input(node))), scope, arena)
                : TileWeights.floats(parameters(node), scope, arena);
    }

    /** How a node's result is quantised where it is the input of linear maps. */
    private Quantization quantization(Node node) {
        return roles.isActivated(node)
                ? Quantization.unsigned(true, Quantization.shift(((Op.Linear) node.op()).activation()))
                : Quantization.signed();
    }

    private void compile(Node node, Lane lane) {
        if (node.op() instanceof Op.Embeddings op) {
            steps.add(new EmbeddingsStep(op, results.choose(node), scope, parameters));
        } else if (node.op() instanceof Op.LayerNorm op) {
            layerNorm(node, op);
        } else if (node.op() instanceof Op.Linear op) {
            linear(node, op, lane);
        } else if (node.op() instanceof Op.SelfAttention op) {
            stages.add(new RowStage(steps, precision.tileBlocking()));
            steps = new ArrayList<>();
            stages.add(new TileAttentionStage(op, results.of(input(node)), results.choose(node), scope));
        } else {
            throw Compilation.refused(node);
        }
    }

    private void layerNorm(Node node, Op.LayerNorm op) {
        Optional<Node> sum = uses.sum(node);
        Place to = results.choose(node);
        Place from = results.of(sum.orElse(input(node)));
        if (node.inputs().size() == 2 && sum.isEmpty()) {
            Node last = graph.nodes().get(node.inputs().get(1));
            steps.add(new AddStep(from, results.of(last), to, kernels));
            from = to;
        }
        Optional<TileInput> converted =
                roles.isMultipliedInItsStage(node) ? Optional.of(takeInput(node)) : Optional.empty();
        converted.ifPresent(input -> inputs.put(node.index(), input));
        steps.add(new TileNormStep(op, from, to, converted, scope, parameters));
    }

    private void linear(Node node, Op.Linear op, Lane lane) {
        Node from = input(node);
        if (roles.isOutput(node)) {
            LinearWeights map = LinearWeights.floats(parameters(node), Precision.FLOAT32, scope, arena, target, lane);
            steps.add(new LinearStep(
                    map, op.activation(), 0, results.of(from), Optional.empty(), false, results.choose(node), kernels));
            return;
        }
        TileInput input = inputs.computeIfAbsent(from.index(), index -> converted(from));
        steps.add(new TileLinearStep(
                weights.get(node.index()),
                op.activation(),
                input,
                uses.residual(node).isPresent(),
                results.choose(node),
                scope));
        boolean isLast =
                uses.consumers(from).stream().noneMatch(other -> isTileLinear(other) && other.index() > node.index());
        if (isLast || !roles.isMultipliedInItsStage(from)) {
            giveBack(from);
        }
    }

    private void giveBack(Node from) {
        TileInput input = inputs.remove(from.index());
        if (input.values() != results.of(from)) {
            places.giveBack(input.values());
            input.scales().ifPresent(places::giveBack);
        }
    }

    /** A result in the form in which it is multiplied, just before it is. */
    private TileInput converted(Node node) {
        Place place = results.of(node);
        if (precision == Precision.BFLOAT16 && place.type() == OneDnn.BF16) {
            return new TileInput(Tiles.BFLOAT16, place, Optional.empty());
        }
        TileInput input = takeInput(node);
        float shift = precision == Precision.INT8 ? quantization(node).shift() : 0;
        steps.add(new TileConvertStep(place, shift, input, scope));
        return input;
    }

    private TileInput takeInput(Node node) {
        Place values = places.take(true, node.width(), node.width(), precision.inputType(), (byte) 0);
        return precision == Precision.BFLOAT16
                ? new TileInput(Tiles.BFLOAT16, values, Optional.empty())
                : new TileInput(
                        roles.isActivated(node) ? Tiles.UNSIGNED : Tiles.SIGNED,
                        values,
                        Optional.of(places.take(true, 1)));
    }
}
