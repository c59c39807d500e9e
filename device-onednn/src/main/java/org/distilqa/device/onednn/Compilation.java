package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.DeviceException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Turns a graph into stages: decides which nodes become one step, where each result goes, and in int8, how each input of a linear
 * map is quantised.
 */
final class Compilation {
    /** A stage before each self-attention and one after the last; the head's result has a column for starts, one for ends. */
    record Result(List<RowStage> rowStages, List<AttentionStep> attentions, Places places, Place logits) {}

    private final Graph graph;
    private final GraphUses uses;
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
    private final Map<Integer, Place> placeOf = new HashMap<>();
    private final List<RowStage> rowStages = new ArrayList<>();
    private final List<AttentionStep> attentions = new ArrayList<>();
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
    }

    /** Compiles, with all workers. */
    Result run(Workers workers, Lane[] lanes) {
        prepareWeights(workers, lanes);
        List<Node> nodes = graph.nodes();
        for (Node node : nodes.subList(0, nodes.size() - 1)) {
            compile(node);
            giveBackAfter(node);
        }
        Place logits = head(nodes.get(nodes.size() - 1));
        rowStages.add(new RowStage(steps, blocking));
        return new Result(rowStages, attentions, places, logits);
    }

    private void prepareWeights(Workers workers, Lane[] lanes) {
        List<Node> maps = graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.Linear || node.op() instanceof Op.QaHead)
                .toList();
        LinearWeights[] prepared = new LinearWeights[maps.size()];
        workers.forEach(prepared.length, (index, worker) -> prepared[index] = weights(maps.get(index), lanes[worker]));
        for (int i = 0; i < prepared.length; i++) {
            weights.put(maps.get(i).index(), prepared[i]);
        }
    }

    private LinearWeights weights(Node node, Lane lane) {
        int depth = input(node).width();
        if (node.op() instanceof Op.QaHead op) {
            Op.Linear map = new Op.Linear(List.of(op.weight()), List.of(op.bias()), Activation.NONE);
            LinearParameters values = new LinearParameters(map, depth, node.width(), 1, parameters);
            return LinearWeights.floats(values, Precision.FLOAT32, scope, arena, target, lane);
        }
        float queryScale = (float) uses.queryScale(node);
        LinearParameters values =
                new LinearParameters((Op.Linear) node.op(), depth, node.width(), queryScale, parameters);
        return precision == Precision.INT8
                ? LinearWeights.quantized(
                        QuantizedMatrix.of(values, quantization(input(node))), scope, arena, target, lane)
                : LinearWeights.floats(values, precision, scope, arena, target, lane);
    }

    private Node input(Node node) {
        return graph.nodes().get(node.inputs().get(0));
    }

    /** How a node's result is quantised where it is the input of linear maps. */
    private Quantization quantization(Node node) {
        return uses.isActivated(node)
                ? Quantization.unsigned(hasVnni, shift(((Op.Linear) node.op()).activation()))
                : Quantization.symmetric(hasVnni);
    }

    private static float shift(Activation activation) {
        return activation == Activation.GELU ? Quantization.GELU_SHIFT : 0;
    }

    private void compile(Node node) {
        if (node.op() instanceof Op.Embeddings op) {
            steps.add(new EmbeddingsStep(op, place(node), scope, parameters));
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
        Node input = uses.normalised(node);
        Place to = place(node);
        Place from = placeOf(input);
        if (node.inputs().size() == 2 && uses.residual(input).isEmpty()) {
            Node last = graph.nodes().get(node.inputs().get(1));
            steps.add(new AddStep(from, placeOf(last), to, kernels));
            from = to;
        }
        steps.add(new LayerNormStep(op, from, to, scope, kernels, parameters));
    }

    private void linear(Node node, Op.Linear op) {
        LinearWeights map = weights.get(node.index());
        Node inputNode = input(node);
        Place input = placeOf(inputNode);
        Optional<Place> scales = Optional.empty();
        Place converted = input;
        if (precision == Precision.BFLOAT16) {
            converted = places.take(true, input.width(), input.width(), precision.inputType(), (byte) 0);
            steps.add(new ConvertStep(input, converted, kernels));
        }
        if (precision == Precision.INT8) {
            Quantization quantization = quantization(inputNode);
            converted =
                    places.take(true, input.width(), map.shape().depth(), precision.inputType(), quantization.filler());
            scales = Optional.of(places.take(true, 1));
            steps.add(new QuantizeStep(quantization, input, converted, scales.get(), kernels));
        }
        boolean isShifted = precision == Precision.INT8 && uses.isActivated(node);
        steps.add(new LinearStep(
                map,
                op.activation(),
                isShifted ? shift(op.activation()) : 0,
                converted,
                scales,
                uses.residual(node).isPresent(),
                place(node),
                kernels));
        if (converted != input) {
            places.giveBack(converted);
        }
        scales.ifPresent(places::giveBack);
    }

    private void selfAttention(Node node, Op.SelfAttention op) {
        if (uses.queryScale(input(node)) != op.scale()) {
            throw refused(node);
        }
        rowStages.add(new RowStage(steps, blocking));
        steps = new ArrayList<>();
        attentions.add(new AttentionStep(op, placeOf(input(node)), place(node), mask, attentionKernels));
    }

    private Place head(Node node) {
        if (!(node.op() instanceof Op.QaHead)) {
            throw refused(node);
        }
        Place logits = places.take(false, node.width());
        steps.add(new LinearStep(
                weights.get(node.index()),
                Activation.NONE,
                0,
                placeOf(input(node)),
                Optional.empty(),
                false,
                logits,
                kernels));
        return logits;
    }

    private static DeviceException refused(Node node) {
        return new DeviceException("device onednn cannot compute node " + node.index() + " of the graph, "
                + node.op().getClass().getSimpleName() + ", at this place");
    }

    private Place placeOf(Node node) {
        return placeOf.get(uses.root(node));
    }

    /** Chooses where a node's result goes, and those of the nodes that work in place after it. */
    private Place place(Node node) {
        return placeOf.computeIfAbsent(uses.root(node), root -> {
            List<Node> nodes = uses.sharingPlace(node);
            boolean isLocal = nodes.stream().allMatch(uses::isLocal);
            int type = uses.isAttended(node) ? attentionType : OneDnn.F32;
            return places.take(isLocal, node.width(), node.width(), type, (byte) 0);
        });
    }

    private void giveBackAfter(Node node) {
        for (Node candidate : graph.nodes().subList(0, node.index() + 1)) {
            boolean isRoot = uses.root(candidate) == candidate.index();
            int lastUse = uses.sharingPlace(candidate).stream()
                    .mapToInt(uses::lastUse)
                    .reduce(0, Math::max);
            if (isRoot && lastUse == node.index()) {
                places.giveBack(placeOf(candidate));
            }
        }
    }
}
