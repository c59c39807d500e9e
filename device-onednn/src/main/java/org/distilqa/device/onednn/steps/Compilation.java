package org.distilqa.device.onednn.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.DeviceException;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.ResultPlaces;
import org.distilqa.device.onednn.program.ResultRoles;
import org.distilqa.device.onednn.program.RowStage;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.device.onednn.program.Step;
import org.distilqa.device.onednn.program.Workers;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * Turns a graph into stages: decides which nodes become one step and where each result goes. Which steps those are, a
 * {@link Lowering} says.
 */
public final class Compilation {
    /** The stages in their order; the logits have a column for starts, one for ends. */
    public record Result(List<Stage> stages, Places places, Place logits) {}

    private final ResultRoles roles;
    private final Lowering lowering;
    private final Parameters parameters;
    private final NativeScope scope;
    private final ProgramKernels kernels;
    private final Places places = new Places();
    private final ResultPlaces results;
    private final List<Stage> stages = new ArrayList<>();
    private List<Step> steps = new ArrayList<>();

    /**
     * A compilation, to be run once.
     *
     * @param roles the graph, and what becomes of its results
     * @param lowering which steps compute it
     * @param parameters where the values are
     * @param scope what holds the steps' memory
     * @param kernels the program's kernels
     */
    public Compilation(
            ResultRoles roles, Lowering lowering, Parameters parameters, NativeScope scope, ProgramKernels kernels) {
        this.roles = roles;
        this.lowering = lowering;
        this.parameters = parameters;
        this.scope = scope;
        this.kernels = kernels;
        this.results = new ResultPlaces(roles, lowering::type, places);
    }

    /** Compiles, with all workers. */
    public Result run(Workers workers, Lane[] lanes) {
        List<Node> maps = roles.graph().nodes().stream()
                .filter(node -> node.op() instanceof Op.Linear)
                .toList();
        workers.forEach(maps.size(), (index, worker) -> {
            Node map = maps.get(index);
            lowering.prepare(map, (Op.Linear) map.op(), lanes[worker]);
        });
        for (Node node : roles.graph().nodes()) {
            compile(node);
            results.giveBackAfter(node);
        }
        stages.add(new RowStage(steps, lowering.blocking()));
        return new Result(stages, places, results.of(roles.graph().output()));
    }

    private void compile(Node node) {
        if (node.op() instanceof Op.Embeddings op) {
            add(new EmbeddingsStep(op, results.choose(node), scope, parameters));
        } else if (node.op() instanceof Op.LayerNorm op) {
            layerNorm(node, op);
        } else if (node.op() instanceof Op.Linear op) {
            lowering.linear(node, op, this);
        } else if (node.op() instanceof Op.SelfAttention op) {
            stages.add(new RowStage(steps, lowering.blocking()));
            steps = new ArrayList<>();
            stages.add(lowering.selfAttention(node, op, results.of(roles.input(node)), results.choose(node)));
        } else {
            throw refused(node);
        }
    }

    /** Of the sum of two inputs, unless a linear map has added one to the other. */
    private void layerNorm(Node node, Op.LayerNorm op) {
        Optional<Node> sum = roles.uses().sum(node);
        Place result = results.choose(node);
        Place input = results.of(sum.orElse(roles.input(node)));
        if (node.inputs().size() == 2 && sum.isEmpty()) {
            Node last = roles.graph().nodes().get(node.inputs().get(1));
            add(new AddStep(input, results.of(last), result, kernels));
            input = result;
        }
        lowering.layerNorm(node, op, input, result, this);
    }

    /** Adds a step, which runs after those that were added before. */
    public void add(Step step) {
        steps.add(step);
    }

    /** The places that there are, for what lies between two steps of a node. */
    public Places places() {
        return places;
    }

    /** Where the results of nodes go. */
    public ResultPlaces results() {
        return results;
    }

    /** Says that there are no steps for a node. */
    static DeviceException refused(Node node) {
        return new DeviceException("device onednn cannot compute node " + node.index() + " of the graph, "
                + node.op().getClass().getSimpleName() + ", at this place");
    }
}
