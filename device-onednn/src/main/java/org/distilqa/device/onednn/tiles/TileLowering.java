package org.distilqa.device.onednn.tiles;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.LinearParameters;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.Quantization;
import org.distilqa.device.onednn.program.QuantizedMatrix;
import org.distilqa.device.onednn.program.ResultPlaces;
import org.distilqa.device.onednn.program.ResultRoles;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.device.onednn.steps.Compilation;
import org.distilqa.device.onednn.steps.LinearStep;
import org.distilqa.device.onednn.steps.LinearWeights;
import org.distilqa.device.onednn.steps.Lowering;
import org.distilqa.device.onednn.steps.ProgramKernels;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Steps on the tile unit, in bfloat16 or int8. Queries, keys and values, the results of attention and those of activations are
 * bfloat16; the sums of residual connections and the logits are float32. A layer norm makes the input of the linear maps after it
 * at once.
 */
public final class TileLowering implements Lowering {
    private static final Blocking BLOCKING = new Blocking(96, 192);

    private final ResultRoles roles;
    private final Parameters parameters;
    private final Precision precision;
    private final NativeArena arena;
    private final ProgramKernels kernels;
    private final Map<Integer, TileWeights> weights = new ConcurrentHashMap<>();
    private final Map<Integer, LinearWeights> headWeights = new ConcurrentHashMap<>();
    private final Map<Integer, TileInput> inputs = new HashMap<>();

    /**
     * Steps for a graph.
     *
     * @param roles the graph, for which this {@linkplain #isFor is}, and what becomes of its results
     * @param parameters where the values are
     * @param precision what the linear maps multiply, but for the one that gives the logits
     * @param arena what holds the weights
     * @param kernels the program's kernels
     */
    public TileLowering(
            ResultRoles roles, Parameters parameters, Precision precision, NativeArena arena, ProgramKernels kernels) {
        this.roles = roles;
        this.parameters = parameters;
        this.precision = precision;
        this.arena = arena;
        this.kernels = kernels;
    }

    /** Whether all of a graph fits the tiles. */
    public static boolean isFor(ResultRoles roles, Precision precision) {
        return precision != Precision.FLOAT32
                && roles.graph().nodes().stream().allMatch(node -> {
                    if (node.op() instanceof Op.Linear op) {
                        return roles.isOutput(node)
                                || TileWeights.areFor(
                                        precision, roles.input(node).width(), node.width(), op.activation());
                    }
                    if (node.op() instanceof Op.SelfAttention op) {
                        return roles.queryScale(roles.input(node)) == op.scale()
                                && roles.isAttended(roles.input(node))
                                && TileAttentionStage.isFor(node.width() / op.heads());
                    }
                    return !(node.op() instanceof Op.LayerNorm) || node.width() % 64 == 0;
                });
    }

    @Override
    public Blocking blocking() {
        return BLOCKING;
    }

    @Override
    public int type(Node node) {
        return roles.isAttended(node) || roles.isActivated(node) || node.op() instanceof Op.SelfAttention
                ? OneDnn.BF16
                : OneDnn.F32;
    }

    @Override
    public void prepare(Node linear, Op.Linear op, Lane lane) {
        double scale = roles.queryScale(linear) * (roles.isAttended(linear) ? TileAttentionStage.LOG2_E : 1);
        LinearParameters values = LinearParameters.of(linear, op, roles, scale, parameters);
        if (roles.isOutput(linear)) {
            headWeights.put(
                    linear.index(),
                    LinearWeights.floats(values, Precision.FLOAT32, arena, kernels.target(), lane.stream()));
        } else {
            weights.put(
                    linear.index(),
                    precision == Precision.INT8
                            ? TileWeights.quantized(
                                    QuantizedMatrix.of(values, quantization(roles.input(linear))), arena)
                            : TileWeights.floats(values, arena));
        }
    }

    /** How a node's result is quantised where it is the input of linear maps. */
    private Quantization quantization(Node node) {
        return roles.isActivated(node)
                ? Quantization.unsigned(true, Quantization.shift(((Op.Linear) node.op()).activation()))
                : Quantization.signed();
    }

    @Override
    public void layerNorm(Node node, Op.LayerNorm op, Place input, Place result, Compilation compilation) {
        Optional<TileInput> converted = roles.isMultipliedInItsStage(node)
                ? Optional.of(takeInput(node, compilation.places()))
                : Optional.empty();
        converted.ifPresent(multiplied -> inputs.put(node.index(), multiplied));
        compilation.add(new TileNormStep(op, input, result, converted, arena.scope(), parameters));
    }

    @Override
    public void linear(Node node, Op.Linear op, Compilation compilation) {
        Node from = roles.input(node);
        ResultPlaces results = compilation.results();
        if (roles.isOutput(node)) {
            compilation.add(new LinearStep(
                    headWeights.get(node.index()),
                    op.activation(),
                    0,
                    results.of(from),
                    Optional.empty(),
                    false,
                    results.choose(node),
                    kernels));
            return;
        }
        TileInput input = inputs.computeIfAbsent(from.index(), index -> converted(from, compilation));
        compilation.add(new TileLinearStep(
                weights.get(node.index()),
                op.activation(),
                input,
                roles.uses().residual(node).isPresent(),
                results.choose(node),
                arena.scope()));
        boolean isLast = roles.uses().consumers(from).stream()
                .noneMatch(other -> weights.containsKey(other.index()) && other.index() > node.index());
        if (isLast || !roles.isMultipliedInItsStage(from)) {
            giveBack(from, compilation);
        }
    }

    private void giveBack(Node from, Compilation compilation) {
        TileInput input = inputs.remove(from.index());
        if (input.values() != compilation.results().of(from)) {
            compilation.places().giveBack(input.values());
            input.scales().ifPresent(compilation.places()::giveBack);
        }
    }

    /** A result in the form in which it is multiplied, just before it is. */
    private TileInput converted(Node node, Compilation compilation) {
        Place place = compilation.results().of(node);
        if (precision == Precision.BFLOAT16 && place.type() == OneDnn.BF16) {
            return new TileInput(Tiles.BFLOAT16, place, Optional.empty());
        }
        TileInput input = takeInput(node, compilation.places());
        float shift = precision == Precision.INT8 ? quantization(node).shift() : 0;
        compilation.add(new TileConvertStep(place, shift, input, arena.scope()));
        return input;
    }

    private TileInput takeInput(Node node, Places places) {
        Place values = places.take(true, node.width(), node.width(), precision.inputType(), (byte) 0);
        return precision == Precision.BFLOAT16
                ? new TileInput(Tiles.BFLOAT16, values, Optional.empty())
                : new TileInput(
                        roles.isActivated(node) ? Tiles.UNSIGNED : Tiles.SIGNED,
                        values,
                        Optional.of(places.take(true, 1)));
    }

    @Override
    public Stage selfAttention(Node node, Op.SelfAttention op, Place input, Place result) {
        return new TileAttentionStage(op, input, result, arena.scope());
    }
}
