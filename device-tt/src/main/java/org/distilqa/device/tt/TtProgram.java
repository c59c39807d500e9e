package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.tt.TtLibrary.Compute;
import org.distilqa.device.tt.TtLibraryLoader.TtStatusException;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph whose weights are on the card. A batch is sorted by length and cut into runs of at most {@code batchPerChip}
 * sequences a chip; a run is padded to a length and a size out of a small set, so that few programs are compiled, and
 * sharded over the chips. What is padded is masked out.
 *
 * <p>The second run of a shape is captured as a trace; later ones replay it: the host then sends the token ids and the mask,
 * and reads the logits, and nothing else.
 */
final class TtProgram implements Program {
    private static final Logger LOG = LoggerFactory.getLogger(TtProgram.class);

    /** Large enough for a weight of 0 after the softmax, a power of two, which every format holds. */
    private static final float MASKED = -0x1p30f;

    /** The columns of the graph's output on the card, the start and the end logits first: two, filled up to a tile. */
    static final int LOGIT_COLUMNS = 32;

    private final TtDevice device;
    private final TtSession session;
    private final Graph graph;
    private final TtWeights weights;
    private final TreeSet<Integer> buckets;
    private final GraphUses uses;
    private final Map<RunShape, Prepared> prepared = new HashMap<>();
    private final TtL1 l1;

    /** Whether runs are captured. Not after the card has said that it cannot, or that it has no room for more. */
    private boolean traces;

    private volatile boolean closed;

    /** The shape of a run: sequences over all chips, their padded length, and whether any of them is padded. */
    private record RunShape(int batch, int length, boolean masked) {}

    /** What is kept for a shape: host memory, and, once captured, the trace with the tensors it reads and writes. */
    private static final class Prepared {
        private final int[] ids;
        private final float[] mask;
        private final float[] logits;
        private boolean ranOnce;
        private TtTensor idsTensor;
        private TtTensor maskTensor;
        private TtTensor logitsTensor;
        private long trace;
        private boolean captured;

        Prepared(RunShape shape) {
            ids = new int[shape.batch() * shape.length()];
            mask = new float[shape.masked() ? shape.batch() * shape.length() * shape.length() : 0];
            logits = new float[shape.batch() * shape.length() * LOGIT_COLUMNS];
        }
    }

    private TtProgram(TtDevice device, TtSession session, Graph graph, TtWeights weights, TreeSet<Integer> buckets) {
        this.device = device;
        this.session = session;
        this.graph = graph;
        this.weights = weights;
        this.buckets = buckets;
        this.uses = new GraphUses(graph);
        this.l1 = new TtL1(
                graph,
                device.fact("grid_x", 8) * device.fact("grid_y", 7),
                device.fact("l1_bytes", 1_395_424),
                device.options().activations());
        this.traces = capturesRuns(device);
    }

    /** Uploads the weights. Called on the owner thread. */
    static TtProgram compile(TtDevice device, TtSession session, Graph graph, Parameters parameters) {
        TreeSet<Integer> buckets = new TreeSet<>(device.options().buckets());
        int longest = (graph.maxPositions() + 31) / 32 * 32;
        buckets.removeIf(bucket -> bucket > longest);
        if (buckets.isEmpty() || buckets.last() < graph.maxPositions()) {
            buckets.add(longest);
        }
        TtWeights weights = TtWeights.upload(device, session, graph, parameters, buckets);
        return new TtProgram(device, session, graph, weights, buckets);
    }

    private static boolean capturesRuns(TtDevice device) {
        return device.options().trace() && device.options().traceRegionBytes() > 0 && !device.mocked();
    }

    @Override
    public Logits run(TokenBatch batch) {
        if (closed) {
            throw new ClosedException("the program was closed");
        }
        batch.requireFits(graph);
        return device.call(() -> runOnOwner(batch));
    }

    private Logits runOnOwner(TokenBatch batch) {
        if (closed) {
            throw new ClosedException("the program was closed");
        }
        float[][] start = new float[batch.size()][];
        float[][] end = new float[batch.size()][];
        List<Integer> longestFirst = IntStream.range(0, batch.size())
                .boxed()
                .sorted(Comparator.comparingInt(batch::length).reversed())
                .toList();
        int capacity = device.chips() * device.options().batchPerChip();
        for (int from = 0; from < longestFirst.size(); from += capacity) {
            List<Integer> sequences = longestFirst.subList(from, Math.min(longestFirst.size(), from + capacity));
            run(batch, sequences, start, end);
        }
        return new Logits(start, end);
    }

    private void run(TokenBatch batch, List<Integer> sequences, float[][] start, float[][] end) {
        device.progress();
        RunShape shape = shape(batch, sequences);
        Prepared run = prepared.computeIfAbsent(shape, Prepared::new);
        fill(batch, sequences, shape, run);
        if (run.captured) {
            session.write(run.idsTensor, run.ids);
            if (shape.masked()) {
                session.write(run.maskTensor, run.mask);
            }
            session.traceReplay(run.trace);
            session.read(run.logitsTensor, run.logits);
        } else if (run.ranOnce && traces) {
            captureAndRun(shape, run);
        } else {
            runOp(shape, run);
            run.ranOnce = true;
        }
        for (int i = 0; i < sequences.size(); i++) {
            int sequence = sequences.get(i);
            int length = batch.length(sequence);
            start[sequence] = new float[length];
            end[sequence] = new float[length];
            for (int position = 0; position < length; position++) {
                int at = (i * shape.length() + position) * LOGIT_COLUMNS;
                start[sequence][position] = run.logits[at];
                end[sequence][position] = run.logits[at + 1];
            }
        }
    }

    /** The smallest shape of the set that takes the sequences: a bucket's length, and 1, 2, 4, ... sequences a chip. */
    private RunShape shape(TokenBatch batch, List<Integer> sequences) {
        int length = buckets.ceiling(batch.length(sequences.get(0)));
        int perChip = (sequences.size() + device.chips() - 1) / device.chips();
        int rounded = Math.min(device.options().batchPerChip(), Integer.highestOneBit(2 * perChip - 1));
        int size = rounded * device.chips();
        boolean masked =
                size > sequences.size() || sequences.stream().anyMatch(sequence -> batch.length(sequence) < length);
        return new RunShape(size, length, masked);
    }

    private void fill(TokenBatch batch, List<Integer> sequences, RunShape shape, Prepared run) {
        Arrays.fill(run.ids, 0);
        for (int i = 0; i < sequences.size(); i++) {
            int sequence = sequences.get(i);
            int first = i * shape.length();
            batch.copy(sequence, run.ids, first);
            for (int position = batch.secondSegment(sequence); position < batch.length(sequence); position++) {
                run.ids[first + position] += weights.secondSegmentRows();
            }
        }
        if (shape.masked()) {
            int length = shape.length();
            for (int i = 0; i < shape.batch(); i++) {
                // A sequence that only fills up the batch sees its first token, so that its softmax has something.
                int valid = i < sequences.size() ? batch.length(sequences.get(i)) : 1;
                int first = i * length * length;
                Arrays.fill(run.mask, first, first + valid, 0);
                Arrays.fill(run.mask, first + valid, first + length, MASKED);
                for (int row = 1; row < length; row++) {
                    System.arraycopy(run.mask, first, run.mask, first + row * length, length);
                }
            }
        }
    }

    /** Runs op by op, with tensors that live for this run only. */
    private void runOp(RunShape shape, Prepared run) {
        try (TtTensor ids = createIds(shape, run);
                TtTensor mask = shape.masked() ? createMask(shape, run) : null;
                TtTensor logits = forward(shape, ids, mask)) {
            session.read(logits, run.logits);
        }
    }

    private void captureAndRun(RunShape shape, Prepared run) {
        try {
            run.idsTensor = createIds(shape, run);
            run.maskTensor = shape.masked() ? createMask(shape, run) : null;
            session.traceBegin();
            try {
                run.logitsTensor = forward(shape, run.idsTensor, run.maskTensor);
            } catch (RuntimeException e) {
                dropCapture(e);
                throw e;
            }
            run.trace = session.traceEnd();
            run.captured = true;
            session.read(run.logitsTensor, run.logits);
        } catch (TtStatusException e) {
            release(run);
            if (e.status() != TtLibrary.OUT_OF_MEMORY && e.status() != TtLibrary.UNSUPPORTED) {
                throw e;
            }
            LOG.info(
                    "no trace of runs of {} x {}, which go op by op, as will other shapes: {}",
                    shape.batch(),
                    shape.length(),
                    e.getMessage());
            traces = false;
            runOp(shape, run);
        }
    }

    /** Ends a capture in which an op failed. The library may have dropped it already, which it says by failing again. */
    private void dropCapture(RuntimeException failure) {
        try {
            session.traceRelease(session.traceEnd());
        } catch (TtStatusException e) {
            failure.addSuppressed(e);
        }
    }

    private TtTensor createIds(RunShape shape, Prepared run) {
        return session.create(TtLibrary.SHARD, run.ids, shape.batch(), shape.length());
    }

    private TtTensor createMask(RunShape shape, Prepared run) {
        return session.create(
                device.options().mask(),
                TtLibrary.TILE,
                TtLibrary.DRAM,
                TtLibrary.SHARD,
                run.mask,
                shape.batch(),
                1,
                shape.length(),
                shape.length());
    }

    /**
     * What each op gives for one sequence, to see what its numbers are worth: for each node its columns of each token, one token after
     * the other. Op by op.
     */
    List<float[]> results(int[] ids) {
        return device.call(() -> {
            TokenBatch batch = TokenBatch.of(ids);
            RunShape shape = shape(batch, List.of(0));
            Prepared run = new Prepared(shape);
            fill(batch, List.of(0), shape, run);
            List<float[]> results = new ArrayList<>();
            try (TtTensor idsTensor = createIds(shape, run);
                    TtTensor mask = shape.masked() ? createMask(shape, run) : null) {
                forward(shape, idsTensor, mask, (node, tensor) -> {
                            int columns = l1.columns(node);
                            float[] padded = new float[shape.batch() * shape.length() * columns];
                            session.read(tensor, padded);
                            results.add(Arrays.copyOf(padded, ids.length * columns));
                        })
                        .close();
            }
            return results;
        });
    }

    /** Walks the graph. A tensor is freed as soon as the last node that takes it was queued. */
    private TtTensor forward(RunShape shape, TtTensor ids, TtTensor mask) {
        return forward(shape, ids, mask, (node, result) -> {});
    }

    private TtTensor forward(RunShape shape, TtTensor ids, TtTensor mask, BiConsumer<Node, TtTensor> computed) {
        Compute compute = compute(shape);
        TtTensor[] results = new TtTensor[graph.nodes().size()];
        try {
            for (Node node : graph.nodes()) {
                results[node.index()] = result(node, results, shape, ids, mask, compute);
                computed.accept(node, results[node.index()]);
                for (Node done : uses.endingAt(node)) {
                    results[done.index()].close();
                    results[done.index()] = null;
                }
            }
            int output = graph.output().index();
            TtTensor logits = results[output];
            results[output] = null;
            return logits;
        } finally {
            for (TtTensor left : results) {
                if (left != null) {
                    left.close();
                }
            }
        }
    }

    private TtTensor result(
            Node node, TtTensor[] results, RunShape shape, TtTensor ids, TtTensor mask, Compute compute) {
        TtWeights.Tensors tensors = weights.of(node);
        if (node.op() instanceof Op.Embeddings) {
            return session.embeddings(
                    ids, weights.positionIds(shape.length()), tensors.first(), tensors.second(), compute);
        }
        TtTensor input = results[node.inputs().get(0)];
        if (node.op() instanceof Op.LayerNorm norm) {
            TtTensor residual = node.inputs().size() > 1 ? results[node.inputs().get(1)] : null;
            return session.layerNorm(input, residual, tensors.first(), tensors.second(), norm.epsilon(), compute);
        }
        if (node.op() instanceof Op.Linear linear) {
            int activation = activation(linear.activation(), device.options());
            // A trace keeps its logits: in L1 they would be in the way of every later run.
            Compute place = node.equals(graph.output()) ? compute(TtLibrary.BFLOAT16, TtLibrary.DRAM) : compute;
            return session.linear(input, tensors.first(), tensors.second(), activation, place);
        }
        if (node.op() instanceof Op.SelfAttention attention) {
            return session.selfAttention(input, mask, attention.heads(), attention.scale(), compute);
        }
        throw new DeviceException("device tt cannot run the op " + node.op());
    }

    /** What the card calls an activation. The forms of gelu are nearer to each other than bfloat16's rounding leaves them. */
    static int activation(Activation activation, TtOptions options) {
        return switch (activation) {
            case NONE -> TtLibrary.NO_ACTIVATION;
            case GELU, GELU_TANH -> options.approximateGelu() ? TtLibrary.GELU_APPROXIMATE : TtLibrary.GELU;
            case RELU -> TtLibrary.RELU;
            case SILU ->
                throw new DeviceException("device tt cannot run a network with the activation silu (swish); it has gelu"
                        + " and relu. The devices onednn and cpu run it");
        };
    }

    private Compute compute(RunShape shape) {
        boolean fits = l1.holds(shape.batch() / device.chips() * shape.length());
        return compute(device.options().activations(), fits ? TtLibrary.L1 : TtLibrary.DRAM);
    }

    private Compute compute(int dtype, int memory) {
        Compute compute = new Compute();
        compute.dtype = dtype;
        compute.memory = memory;
        compute.mathFidelity = device.options().mathFidelity();
        compute.fp32Accumulation = device.options().fp32Accumulation() ? 1 : 0;
        compute.packerL1Accumulation = 1;
        compute.approximateMath = 0;
        return compute;
    }

    /** Frees the traces and the tensors they use. Called on the owner thread. */
    void releaseTraces() {
        TtDevice.freeAll(prepared.values().stream()
                .map(run -> (Runnable) () -> release(run))
                .toList());
        traces = capturesRuns(device);
    }

    private void release(Prepared run) {
        List<Runnable> steps = new ArrayList<>();
        if (run.captured) {
            run.captured = false;
            steps.add(() -> session.traceRelease(run.trace));
        }
        for (TtTensor tensor : new TtTensor[] {run.idsTensor, run.maskTensor, run.logitsTensor}) {
            if (tensor != null) {
                steps.add(tensor::close);
            }
        }
        run.idsTensor = null;
        run.maskTensor = null;
        run.logitsTensor = null;
        TtDevice.freeAll(steps);
    }

    /** Frees all that is on the card. Called on the owner thread. */
    void free() {
        closed = true;
        TtDevice.freeAll(List.of(this::releaseTraces, prepared::clear, weights::close));
    }

    @Override
    public void close() {
        closed = true;
        device.close(this);
    }
}
