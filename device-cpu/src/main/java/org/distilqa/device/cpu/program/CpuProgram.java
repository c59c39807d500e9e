package org.distilqa.device.cpu.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.device.cpu.kernels.WarmUp;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;
import org.distilqa.internal.ThreadTeam;

/**
 * A graph as a list of steps over a few buffers. The sequences of a batch are packed into one matrix without padding, a row
 * per token; of a large batch, some sequences at a time, so that the buffers stay small.
 */
public final class CpuProgram implements Program {
    /**
     * A batch of more tokens than this is run in several passes. More would take more memory for the steps' results and be no
     * faster.
     */
    static final int MAX_TOKENS = 1024;

    private final Graph graph;
    private final long productsOfToken;
    private final WarmUp warmUp;
    private final ThreadTeam workers;
    private final Consumer<CpuProgram> onClose;
    private final Place logits;
    private List<Step> steps;
    private Pass pass;

    public CpuProgram(
            Graph graph,
            Parameters parameters,
            Kernels kernels,
            WarmUp warmUp,
            ThreadTeam workers,
            Consumer<CpuProgram> onClose) {
        this.graph = graph;
        this.productsOfToken = productsOfToken(graph);
        this.warmUp = warmUp;
        if (graph.maxPositions() * productsOfToken > WarmUp.STAND_IN_PRODUCTS) {
            // A run may well wait for it, so it begins while the weights are read.
            warmUp.begin();
        }
        this.workers = workers;
        this.onClose = onClose;
        GraphUses uses = new GraphUses(graph);
        Buffers buffers = new Buffers(graph, uses, kernels);
        List<Supplier<Step>> planned = new ArrayList<>();
        for (Node node : graph.nodes()) {
            planned.add(step(node, buffers.output(node), graph, uses, buffers, parameters, kernels));
            buffers.giveBackAfter(node);
        }
        this.logits = buffers.rows(graph.output());
        this.pass = new Pass(workers, kernels, buffers.strides());
        this.steps = load(planned, workers);
    }

    /** Reads the weights, on all threads: most of the time goes into memory that the system has to give first. */
    private static List<Step> load(List<Supplier<Step>> planned, ThreadTeam workers) {
        Step[] loaded = new Step[planned.size()];
        workers.forEach(
                loaded.length,
                (index, worker) -> loaded[index] = planned.get(index).get());
        return List.of(loaded);
    }

    /** Plans a step; it reads its weights when it is asked for. */
    private static Supplier<Step> step(
            Node node,
            Output result,
            Graph graph,
            GraphUses uses,
            Buffers buffers,
            Parameters parameters,
            Kernels kernels) {
        List<Node> inputs = node.inputs().stream().map(graph.nodes()::get).toList();
        if (node.op() instanceof Op.Embeddings op) {
            return () -> new EmbeddingsStep(op, result, parameters);
        }
        if (node.op() instanceof Op.LayerNorm op) {
            List<Place> places = uses.sum(node).map(List::of).orElse(inputs).stream()
                    .map(buffers::rows)
                    .toList();
            return () -> new LayerNormStep(op, places, result, parameters);
        }
        if (node.op() instanceof Op.SelfAttention op) {
            Place input = buffers.rows(inputs.get(0));
            return () -> new AttentionStep(op, input, result);
        }
        if (node.op() instanceof Op.Linear op) {
            Place input = buffers.panels(inputs.get(0));
            Place residual = uses.residual(node).map(buffers::rows).orElse(Place.NONE);
            return () -> {
                PackedMatrix weights =
                        new PackedMatrix(op.weights(), op.biases(), input.width(), result.width(), kernels, parameters);
                return new LinearStep(weights, op.activation(), input, residual, result);
            };
        }
        throw new DeviceException("device cpu cannot run the op " + node.op());
    }

    @Override
    public Logits run(TokenBatch batch) {
        batch.requireFits(graph);
        Kernels kernels = warmUp.kernelsFor(products(batch));
        try {
            return workers.exclusively(() -> {
                if (steps == null) {
                    throw new ClosedException("the program was closed, or its device");
                }
                pass.use(kernels);
                return runAll(batch);
            });
        } catch (OutOfMemoryError e) {
            throw new DeviceException(
                    "device cpu has not enough Java heap for a batch of " + batch.tokens()
                            + " tokens; give the JVM more with -Xmx, or take smaller batches",
                    e);
        } finally {
            // For the runs that follow.
            warmUp.begin();
        }
    }

    /** How many pairs of numbers a run of the batch multiplies. */
    private long products(TokenBatch batch) {
        long products = batch.tokens() * productsOfToken;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.SelfAttention) {
                for (int sequence = 0; sequence < batch.size(); sequence++) {
                    products += 2L * batch.length(sequence) * batch.length(sequence) * node.width();
                }
            }
        }
        return products;
    }

    /** How many pairs of numbers the linear maps multiply for a token. */
    private static long productsOfToken(Graph graph) {
        long products = 0;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Linear) {
                products += (long) graph.nodes().get(node.inputs().get(0)).width() * node.width();
            }
        }
        return products;
    }

    private Logits runAll(TokenBatch batch) {
        float[][] start = new float[batch.size()][];
        float[][] end = new float[batch.size()][];
        for (int first = 0; first < batch.size(); ) {
            int last = endOfPass(batch, first);
            pass.begin(batch, first, last);
            try {
                for (Step step : steps) {
                    step.run(pass);
                }
                pass.sequences().splitLogits(pass.buffer(logits), logits.stride(), start, end);
            } finally {
                pass.end();
            }
            first = last;
        }
        return new Logits(start, end);
    }

    /** Shares what is left of a batch out evenly over as few passes as it needs. */
    private static int endOfPass(TokenBatch batch, int first) {
        int left = 0;
        for (int sequence = first; sequence < batch.size(); sequence++) {
            left += batch.length(sequence);
        }
        int passes = (left + MAX_TOKENS - 1) / MAX_TOKENS;
        int end = first + 1;
        int tokens = batch.length(first);
        while (end < batch.size() && tokens + batch.length(end) <= MAX_TOKENS && tokens < left / passes) {
            tokens += batch.length(end);
            end++;
        }
        return end;
    }

    @Override
    public void close() {
        workers.exclusively(() -> {
            if (steps != null) {
                steps = null;
                pass = null;
                onClose.accept(this);
            }
            return null;
        });
    }
}
