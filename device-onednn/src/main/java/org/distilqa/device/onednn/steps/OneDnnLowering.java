package org.distilqa.device.onednn.steps;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.LinearParameters;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.Quantization;
import org.distilqa.device.onednn.program.QuantizedMatrix;
import org.distilqa.device.onednn.program.ResultRoles;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Steps by the kernels of oneDNN, in any precision. An input of a linear map is brought into the map's precision just before; in
 * int8, how it is quantised depends on what it is the result of.
 */
public final class OneDnnLowering implements Lowering {
    private final ResultRoles roles;
    private final Parameters parameters;
    private final Precision precision;
    private final boolean hasVnni;
    private final int attentionType;
    private final NativeArena arena;
    private final ProgramKernels kernels;
    private final AttentionMask mask;
    private final Map<Integer, LinearWeights> weights = new ConcurrentHashMap<>();

    /**
     * Steps for a graph.
     *
     * @param roles the graph, and what becomes of its results
     * @param parameters where the values are
     * @param precision what the linear maps multiply, but for the one that gives the logits
     * @param hasVnni whether the processor adds up products of bytes in 32 bits at once
     * @param hasBfloat16 whether it multiplies bfloat16
     * @param arena what holds the weights
     * @param kernels the program's kernels
     */
    public OneDnnLowering(
            ResultRoles roles,
            Parameters parameters,
            Precision precision,
            boolean hasVnni,
            boolean hasBfloat16,
            NativeArena arena,
            ProgramKernels kernels) {
        this.roles = roles;
        this.parameters = parameters;
        this.precision = precision;
        this.hasVnni = hasVnni;
        this.attentionType = precision.attentionType(hasBfloat16);
        this.arena = arena;
        this.kernels = kernels;
        this.mask = new AttentionMask(roles.graph().maxPositions(), arena.scope());
    }

    @Override
    public Blocking blocking() {
        return precision.blocking();
    }

    @Override
    public int type(Node node) {
        return roles.isAttended(node) ? attentionType : OneDnn.F32;
    }

    @Override
    public void prepare(Node linear, Op.Linear op, Lane lane) {
        LinearParameters values = LinearParameters.of(linear, op, roles, roles.queryScale(linear), parameters);
        weights.put(
                linear.index(),
                precision(linear) == Precision.INT8
                        ? LinearWeights.quantized(
                                QuantizedMatrix.of(values, quantization(roles.input(linear))),
                                arena,
                                kernels.target(),
                                lane.stream())
                        : LinearWeights.floats(values, precision(linear), arena, kernels.target(), lane.stream()));
    }

    /** What a linear map multiplies. The logits are float32 in all precisions: there is little to gain, and much to lose. */
    private Precision precision(Node linear) {
        return roles.isOutput(linear) ? Precision.FLOAT32 : precision;
    }

    /** How a node's result is quantised where it is the input of linear maps. */
    private Quantization quantization(Node node) {
        return roles.isActivated(node)
                ? Quantization.unsigned(hasVnni, Quantization.shift(((Op.Linear) node.op()).activation()))
                : Quantization.symmetric(hasVnni);
    }

    @Override
    public void layerNorm(Node node, Op.LayerNorm op, Place input, Place result, Compilation compilation) {
        compilation.add(new LayerNormStep(op, input, result, arena.scope(), kernels, parameters));
    }

    @Override
    public void linear(Node node, Op.Linear op, Compilation compilation) {
        LinearWeights map = weights.get(node.index());
        Places places = compilation.places();
        Node inputNode = roles.input(node);
        Place input = compilation.results().of(inputNode);
        Optional<Place> scales = Optional.empty();
        Place converted = input;
        if (precision(node) == Precision.BFLOAT16) {
            converted = places.take(true, input.width(), input.width(), precision.inputType(), (byte) 0);
            compilation.add(new ConvertStep(input, converted, kernels));
        }
        if (precision(node) == Precision.INT8) {
            Quantization quantization = quantization(inputNode);
            converted =
                    places.take(true, input.width(), map.shape().depth(), precision.inputType(), quantization.filler());
            scales = Optional.of(places.take(true, 1));
            compilation.add(new QuantizeStep(quantization, input, converted, scales.get(), kernels));
        }
        boolean isShifted = precision == Precision.INT8 && roles.isActivated(node);
        compilation.add(new LinearStep(
                map,
                op.activation(),
                isShifted ? Quantization.shift(op.activation()) : 0,
                converted,
                scales,
                roles.uses().residual(node).isPresent(),
                compilation.results().choose(node),
                kernels));
        if (converted != input) {
            places.giveBack(converted);
        }
        scales.ifPresent(places::giveBack);
    }

    @Override
    public Stage selfAttention(Node node, Op.SelfAttention op, Place input, Place result) {
        if (roles.queryScale(roles.input(node)) != op.scale()) {
            throw Compilation.refused(node);
        }
        return new AttentionStep(op, input, result, mask, kernels);
    }
}
