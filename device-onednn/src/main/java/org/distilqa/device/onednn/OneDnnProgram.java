package org.distilqa.device.onednn;

import java.util.List;
import java.util.function.Consumer;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.ResultRoles;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.device.onednn.program.Workers;
import org.distilqa.device.onednn.steps.Compilation;
import org.distilqa.device.onednn.steps.Lowering;
import org.distilqa.device.onednn.steps.OneDnnLowering;
import org.distilqa.device.onednn.steps.ProgramKernels;
import org.distilqa.device.onednn.tiles.TileLowering;
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
    private final ProgramKernels kernels;
    private final boolean isOnTiles;
    private final Blocking blocking;
    private final Compilation.Result compiled;
    private final Pass pass;
    private final Lane[] lanes;
    private float[] logits = new float[0];
    private boolean closed;

    /** Compiles the graph. Called by {@link Workers#exclusively}. */
    OneDnnProgram(
            Graph graph,
            Parameters parameters,
            Precision precision,
            OneDnnProcessor processor,
            long engine,
            Workers workers,
            Consumer<OneDnnProgram> onClose) {
        this.graph = graph;
        this.workers = workers;
        this.onClose = onClose;
        this.kernels = new ProgramKernels(new KernelBuilder.Target(engine, workers.count()));
        ResultRoles roles = new ResultRoles(graph);
        this.isOnTiles = processor.hasTiles() && TileLowering.isFor(roles, precision);
        try {
            NativeArena arena = new NativeArena(scope);
            Lowering lowering = isOnTiles
                    ? new TileLowering(roles, parameters, precision, arena, kernels)
                    : new OneDnnLowering(
                            roles, parameters, precision, processor.hasVnni(), processor.hasBfloat16(), arena, kernels);
            this.blocking = lowering.blocking();
            Lane[] compiling = lanes(engine, new Pass(0, 0, 0), List.of());
            try {
                this.compiled = new Compilation(roles, lowering, parameters, scope, kernels).run(workers, compiling);
            } finally {
                close(compiling);
            }
            Places places = compiled.places();
            this.pass = new Pass(
                    blocking.mostRows(), places.sharedBuffers(), places.locals().size());
            this.lanes = lanes(engine, pass, places.locals());
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
    }

    private void readLogits(float[][] start, float[][] end) {
        int rows = pass.rows();
        if (logits.length < 2 * rows) {
            logits = new float[2 * rows];
        }
        pass.pointer(compiled.logits(), 0).read(0, logits, 0, 2 * rows);
        pass.sequences().splitLogits(logits, 2, start, end);
    }

    /** Whether it runs by {@link org.distilqa.device.onednn.binding.Tiles}. */
    boolean isOnTiles() {
        return isOnTiles;
    }

    /** How many kernels it keeps at this moment. */
    int kernels() {
        return kernels.count();
    }

    @Override
    public void close() {
        workers.exclusively(() -> {
            if (!closed) {
                closed = true;
                close(lanes);
                pass.close();
                kernels.close();
                scope.close();
                onClose.accept(this);
            }
            return null;
        });
    }
}
