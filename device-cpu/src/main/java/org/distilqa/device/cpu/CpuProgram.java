package org.distilqa.device.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/**
 * A graph as a list of steps over a few buffers. The sequences of a batch are packed into one matrix without padding, a row
 * per token; of a large batch, some sequences at a time, so that the buffers stay small.
 */
final class CpuProgram implements Program {
    /**
     * A batch of more tokens than this is run in several passes. More would take more memory for the steps' results and be no
     * faster.
     */
    static final int MAX_TOKENS = 1024;

    private final Graph graph;
    private final long productsOfToken;
    private final WarmUp warmUp;
    private final Workers workers;
    private final Consumer<CpuProgram> onClose;
    private List<Step> steps;
    private QaHeadStep head;
    private Pass pass;

    CpuProgram(
            Graph graph,
            Parameters parameters,
            Kernels kernels,
            WarmUp warmUp,
            Workers workers,
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
        Buffers buffers = new Buffers(graph, kernels);
        List<Supplier<Step>> planned = new ArrayList<>();
        List<Node> nodes = graph.nodes();
        for (Node node : nodes.subList(0, nodes.size() - 1)) {
            planned.add(step(node, buffers.output(node), graph, buffers, parameters, kernels));
            buffers.freeAfter(node);
        }
        this.head = head(nodes.get(nodes.size() - 1), buffers, parameters);
        this.pass = new Pass(workers, kernels, buffers.strides());
        this.steps = load(planned, workers);
    }

    /** Reads the weights, on all threads: most of the time goes into memory that the system has to give first. */
    private static List<Step> load(List<Supplier<Step>> planned, Workers workers) {
        Step[] loaded = new Step[planned.size()];
        workers.forEach(
                loaded.length,
                (index, worker) -> loaded[index] = planned.get(index).get());
        return List.of(loaded);
    }

    /** Plans a step; it reads its weights when it is asked for. */
    private static Supplier<Step> step(
            Node node, Output result, Graph graph, Buffers buffers, Parameters parameters, Kernels kernels) {
        if (node.op() instanceof Op.Embeddings op) {
            return () -> new EmbeddingsStep(op, result, parameters);
        }
        if (node.op() instanceof Op.LayerNorm op) {
            Node summand = graph.nodes().get(node.inputs().get(0));
            int inputs = residual(summand, buffers).isNone() ? node.inputs().size() : 1;
            List<Place> places =
                    node.inputs().stream().limit(inputs).map(buffers::rows).toList();
            return () -> new LayerNormStep(op, places, result, parameters);
        }
        if (node.op() instanceof Op.SelfAttention op) {
            Place input = buffers.rows(node.inputs().get(0));
            return () -> new AttentionStep(op, input, result);
        }
        if (node.op() instanceof Op.Linear op) {
            Place input = buffers.panels(node.inputs().get(0));
            Place residual = residual(node, buffers);
            return () -> {
                PackedMatrix weights =
                        new PackedMatrix(op.weights(), op.biases(), input.width(), result.width(), kernels, parameters);
                return new LinearStep(weights, op.activation(), input, residual, result);
            };
        }
        throw refused(node);
    }

    /** What a layer norm adds to the result of a linear map that nobody else reads: then the linear map adds it. */
    private static Place residual(Node linear, Buffers buffers) {
        List<Node> readers = buffers.readers(linear.index());
        if (linear.op() instanceof Op.Linear
                && readers.size() == 1
                && readers.get(0).op() instanceof Op.LayerNorm
                && readers.get(0).inputs().size() == 2
                && readers.get(0).inputs().get(0) == linear.index()
                && readers.get(0).inputs().get(1) < linear.index()) {
            return buffers.rows(readers.get(0).inputs().get(1));
        }
        return Place.NONE;
    }

    private static QaHeadStep head(Node node, Buffers buffers, Parameters parameters) {
        if (node.op() instanceof Op.QaHead op) {
            return new QaHeadStep(op, buffers.rows(node.inputs().get(0)), parameters);
        }
        throw refused(node);
    }

    private static DeviceException refused(Node node) {
        return new DeviceException("device cpu cannot compute node " + node.index() + " of the graph, "
                + node.op().getClass().getSimpleName() + ", at this place");
    }

    @Override
    public Logits run(TokenBatch batch) {
        batch.requireFits(graph);
        Kernels kernels = warmUp.kernelsFor(products(batch));
        workers.lock().lock();
        try {
            if (steps == null) {
                throw new ClosedException("the program was closed, or its device");
            }
            pass.use(kernels);
            return runAll(batch);
        } catch (OutOfMemoryError e) {
            throw new DeviceException(
                    "device cpu has not enough Java heap for a batch of " + batch.tokens()
                            + " tokens; give the JVM more with -Xmx, or take smaller batches",
                    e);
        } finally {
            workers.lock().unlock();
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
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            start[sequence] = new float[batch.length(sequence)];
            end[sequence] = new float[batch.length(sequence)];
        }
        for (int first = 0; first < batch.size(); ) {
            int last = endOfPass(batch, first);
            pass.begin(batch, first, last);
            try {
                for (Step step : steps) {
                    step.run(pass);
                }
                head.run(pass, start, end);
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
        workers.lock().lock();
        try {
            if (steps != null) {
                steps = null;
                head = null;
                pass = null;
                onClose.accept(this);
            }
        } finally {
            workers.lock().unlock();
        }
    }
}
