package org.distilqa.device.onednn;

import java.util.List;
import java.util.function.Consumer;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * A graph as stages over a few buffers. The sequences of a batch are packed into one matrix without padding, a row per token; of
 * a large batch, some sequences at a time, so that the buffers stay small.
 */
final class OneDnnProgram implements Program {
    /** A batch of more tokens than this is run in several passes: eight sequences of 512. */
    private static final int MAX_TOKENS = 4096;

    private final Graph graph;
    private final Workers workers;
    private final Consumer<OneDnnProgram> onClose;
    private final NativeScope scope = new NativeScope();
    private final RowKernels kernels;
    private final KernelCache<AttentionKernels.Shape, AttentionKernels> attentionKernels;
    private final Compilation.Result compiled;
    private final boolean isOnTiles;
    private final Blocking blocking;
    private final Pass pass;
    private final Lane[] lanes;
    private float[] logits = new float[0];
    private boolean closed;

    /** Compiles the graph. Called by {@link Workers#exclusively}. */
    OneDnnProgram(
            Graph graph,
            Parameters parameters,
            Precision precision,
            OneDnnLibrary.Processor processor,
            long engine,
            Workers workers,
            Consumer<OneDnnProgram> onClose) {
        this.graph = graph;
        this.workers = workers;
        this.onClose = onClose;
        this.isOnTiles = processor.hasTiles() && TileCompilation.isFor(graph, precision);
        this.blocking = isOnTiles ? precision.tileBlocking() : precision.blocking();
        KernelBuilder.Target target = new KernelBuilder.Target(engine, workers.count());
        this.kernels = new RowKernels(target);
        this.attentionKernels =
                new KernelCache<>(AttentionKernels.CAPACITY, shape -> AttentionKernels.of(shape, target));
        try {
            Lane[] compiling = lanes(engine, new Pass(0, 0, 0), List.of());
            try {
                this.compiled = isOnTiles
                        ? new TileCompilation(graph, parameters, precision, scope, target, kernels)
                                .run(workers, compiling)
                        : new Compilation(
                                        graph,
                                        parameters,
                                        precision,
                                        processor,
                                        blocking,
                                        scope,
                                        target,
                                        kernels,
                                        attentionKernels)
                                .run(workers, compiling);
            } finally {
                close(compiling);
            }
            this.pass = new Pass(
                    blocking.mostRows(),
                    compiled.places().sharedBuffers(),
                    compiled.places().locals().size());
            this.lanes = lanes(engine, pass, compiled.places().locals());
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private Lane[] lanes(long engine, Pass pass, List<Place> locals) {
        Lane[] lanes = new Lane[workers.count()];
        try {
            for (int i = 0; i < lanes.length; i++) {
                lanes[i] = new Lane(i, engine, pass, locals);
            }
            return lanes;
        } catch (RuntimeException | Error e) {
            close(lanes);
            throw e;
        }
    }

    private static void close(Lane[] lanes) {
        for (Lane lane : lanes) {
            // The last are not there if not all could be made.
            if (lane != null) {
                lane.close();
            }
        }
    }

    @Override
    public Logits run(TokenBatch batch) {
        batch.requireFits(graph);
        return workers.exclusively(() -> {
            if (closed) {
                throw new ClosedException("the program was closed, or its device");
            }
            try {
                return runAll(batch);
            } catch (OutOfMemoryError e) {
                throw new DeviceException(
                        "device onednn has not enough Java heap for a batch of " + batch.tokens()
                                + " tokens; give the JVM more with -Xmx, or take smaller batches",
                        e);
            }
        });
    }

    private Logits runAll(TokenBatch batch) {
        float[][] start = new float[batch.size()][];
        float[][] end = new float[batch.size()][];
        for (int first = 0; first < batch.size(); ) {
            int last = endOfPass(batch, first);
            run(batch, first, last, start, end);
            for (int i = first; last - first > 1 && i < last; i++) {
                // It may be another's fault, see AttentionMask.
                if (!isFinite(start[i]) || !isFinite(end[i])) {
                    run(batch, i, i + 1, start, end);
                }
            }
            first = last;
        }
        return new Logits(start, end);
    }

    private void run(TokenBatch batch, int first, int last, float[][] start, float[][] end) {
        pass.begin(batch, first, last);
        runPass();
        readLogits(start, end);
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static int endOfPass(TokenBatch batch, int first) {
        int end = first + 1;
        int tokens = batch.length(first);
        while (end < batch.size() && tokens + batch.length(end) <= MAX_TOKENS) {
            tokens += batch.length(end);
            end++;
        }
        return end;
    }

    private void runPass() {
        boolean inBlocks = blocking.byRows(pass.rows(), workers.count());
        for (Place place : compiled.places().all()) {
            if (!place.isLocal() || !inBlocks) {
                pass.reserve(place);
            }
        }
        for (Stage stage : compiled.stages()) {
            stage.run(pass, workers, lanes);
        }
        kernels.trim();
        attentionKernels.trim();
    }

    private void readLogits(float[][] start, float[][] end) {
        int rows = pass.rows();
        if (logits.length < 2 * rows) {
            logits = new float[2 * rows];
        }
        pass.pointer(compiled.logits(), 0).read(0, logits, 0, 2 * rows);
        for (int sequence = 0; sequence < pass.sequences(); sequence++) {
            int length = pass.length(sequence);
            float[] starts = new float[length];
            float[] ends = new float[length];
            for (int i = 0; i < length; i++) {
                int row = pass.start(sequence) + i;
                starts[i] = logits[2 * row];
                ends[i] = logits[2 * row + 1];
            }
            start[pass.batchIndex(sequence)] = starts;
            end[pass.batchIndex(sequence)] = ends;
        }
    }

    /** Whether it runs by {@link Tiles}. */
    boolean isOnTiles() {
        return isOnTiles;
    }

    /** How many kernels it keeps at this moment. */
    int kernels() {
        return kernels.size() + AttentionKernels.COUNT * attentionKernels.size();
    }

    @Override
    public void close() {
        workers.exclusively(() -> {
            if (!closed) {
                closed = true;
                close(lanes);
                pass.close();
                kernels.close();
                attentionKernels.close();
                scope.close();
                onClose.accept(this);
            }
            return null;
        });
    }
}
