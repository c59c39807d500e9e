package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.DeviceException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Turns a graph into stages: decides which nodes become one step, where each result goes, and in int8, how each input of a linear
 * map is quantised.
 */
final class Compilation {
    /** The stages in their order; the logits have a column for starts, one for ends. */
    record Result(List<Stage> stages, Places places, Place logits) {}

    private final Graph graph;
    private final GraphUses uses;
    private final ResultRoles roles;
    private final Parameters parameters;
    private final Precision precision;
    private final boolean hasVnni;
    private final int attentionType;
    private final Blocking blocking;
    private final NativeScope scope;
    private final NativeArena arena;
    private final KernelBuilder.Target target;
    private final RowKernels kernels;
    private final KernelCache<AttentionKernels.Shape, AttentionKernels> attentionKernels;
    private final AttentionMask mask;
    private final Map<Integer, LinearWeights> weights = new HashMap<>();

    private final Places places = new Places();
    private final ResultPlaces results;
    private final List<Stage> stages = new ArrayList<>();
    private List<Step> steps = new ArrayList<>();

    Compilation(
            Graph graph,
            Parameters parameters,
            Precision precision,
            OneDnnLibrary.Processor processor,
            Blocking blocking,
            NativeScope scope,
            KernelBuilder.Target target,
            RowKernels kernels,
            KernelCache<AttentionKernels.Shape, AttentionKernels> attentionKernels) {
        this.graph = graph;
        this.uses = new GraphUses(graph);
        this.roles = new ResultRoles(graph, uses);
        this.parameters = parameters;
        this.precision = precision;
        this.hasVnni = processor.hasVnni();
        this.attentionType = precision.attentionType(processor.hasBfloat16());
        this.blocking = blocking;
        this.scope = scope;
        this.arena = new NativeArena(scope);
        this.target = target;
        this.kernels = kernels;
        this.attentionKernels = attentionKernels;
        this.mask = new AttentionMask(graph.maxPositions(), scope);
        this.results = new ResultPlaces(
                graph, uses, roles, node -> roles.isAttended(node) ? attentionType : OneDnn.F32, places);
    }

    /** Compiles, with all workers. */
    Result run(Workers workers, Lane[] lanes) {
        prepareWeights(workers, lanes);
        for (Node node : graph.nodes()) {
            compile(node);
            results.giveBackAfter(node);
        }
        stages.add(new RowStage(steps, blocking));
        return new Result(stages, places, results.of(graph.output()));
    }

    private void prepareWeights(Workers workers, Lane[] lanes) {
        List<Node> maps = graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.Linear)
                .toList();
        LinearWeights[] prepared = new LinearWeights[maps.size()];
        workers.forEach(prepared.length, (index, worker) -> prepared[index] = weights(maps.get(index), lanes[worker]));
        for (int i = 0; i < prepared.length; i++) {
            weights.put(maps.get(i).index(), prepared[i]);
        }
    }

    private LinearWeights weights(Node node, Lane lane) {
        int depth = input(node).width();
        float queryScale = (float) roles.queryScale(node);
        LinearParameters values =
                new LinearParameters((Op.Linear) node.op(), depth, node.width(), queryScale, parameters);
        return precision(node) == Precision.INT8
                ? LinearWeights.quantized(
                        QuantizedMatrix.of(values, quantization(input(node))), scope, arena, target, lane)
                : LinearWeights.floats(values, precision(node), scope, arena, target, lane);
    }

    /** What a linear map multiplies. The logits are float32 in all precisions: there is little to gain, and much to lose. */
    private Precision precision(Node linear) {
        return roles.isOutput(linear) ? Precision.FLOAT32 : precision;
    }

    private Node input(Node node) {
        return graph.nodes().get(node.inputs().get(0));
    }

    /** How a node's result is quantised where it is the input of linear maps. */
    private Quantization quantization(Node node) {
        return roles.isActivated(node)
                ? Quantization.unsigned(hasVnni, Quantization.shift(((Op.Linear) node.op()).activation()))
                : Quantization.symmetric(hasVnni);
    }

    private void compile(Node node) {
        if (node.op() instanceof Op.Embeddings op) {
            steps.add(new EmbeddingsStep(op, results.choose(node), scope, parameters));
        } else if (node.op() instanceof Op.LayerNorm op) {
            layerNorm(node, op);
        } else if (node.op() instanceof Op.Linear op) {
            linear(node, op);
        } else if (node.op() instanceof Op.SelfAttention op) {
            selfAttention(node, op);
        } else {
            throw refused(node);
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
        steps.add(new LayerNormStep(op, from, to, scope, kernels, parameters));
    }

    private void linear(Node node, Op.Linear op) {
        LinearWeights map = weights.get(node.index());
        Node inputNode = input(node);
        Place input = results.of(inputNode);
        Optional<Place> scales = Optional.empty();
        Place converted = input;
        if (precision(node) == Precision.BFLOAT16) {
            converted = places.take(true, input.width(), input.width(), precision.inputType(), (byte) 0);
            steps.add(new ConvertStep(input, converted, kernels));
        }
        if (precision(node) == Precision.INT8) {
            Quantization quantization = quantization(inputNode);
            converted =
                    places.take(true, input.width(), map.shape().depth(), precision.inputType(), quantization.filler());
            scales = Optional.of(places.take(true, 1));
            steps.add(new QuantizeStep(quantization, input, converted, scales.get(), kernels));
        }
        boolean isShifted = precision == Precision.INT8 && roles.isActivated(node);
        steps.add(new LinearStep(
                map,
                op.activation(),
                isShifted ? Quantization.shift(op.activation()) : 0,
                converted,
                scales,
                uses.residual(node).isPresent(),
                results.choose(node),
                kernels));
        if (converted != input) {
            places.giveBack(converted);
        }
        scales.ifPresent(places::giveBack);
    }

    private void selfAttention(Node node, Op.SelfAttention op) {
        if (roles.queryScale(input(node)) != op.scale()) {
            throw refused(node);
        }
        stages.add(new RowStage(steps, blocking));
        steps = new ArrayList<>();
        stages.add(new AttentionStep(op, results.of(input(node)), results.choose(node), mask, attentionKernels));
    }

    static DeviceException refused(Node node) {
        return new DeviceException("device onednn cannot compute node " + node.index() + " of the graph, "
                + node.op().getClass().getSimpleName() + ", at this place");
    }
}
