package org.distilqa.device.onednn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.OneDnnLibrary;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.Workers;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * The processor's cores, through oneDNN. Runs take the threads one after another, each with all of them: two runs side by side
 * would only take the caches from each other.
 */
final class OneDnnDevice implements Device {
    private static final int BATCH_SIZE = 8;

    private final OneDnnProcessor processor;
    private final Precision precision;
    private final Workers workers;
    private final long engine;
    private final List<OneDnnProgram> programs = new CopyOnWriteArrayList<>();
    private boolean closed;

    OneDnnDevice(OneDnnProcessor processor, Precision precision, int threads) {
        this.processor = processor;
        this.precision = precision;
        OneDnnLibrary.acquire();
        try {
            this.engine = engine();
            this.workers = workers(threads, engine);
        } catch (RuntimeException | Error e) {
            OneDnnLibrary.release();
            throw e;
        }
    }

    private static long engine() {
        long[] handle = new long[1];
        OneDnn.check(OneDnn.dnnl_engine_create(handle, OneDnn.CPU, 0), "make an engine");
        return handle[0];
    }

    private static Workers workers(int threads, long engine) {
        try {
            return new Workers(OneDnnDeviceProvider.NAME, threads);
        } catch (RuntimeException | Error e) {
            OneDnn.dnnl_engine_destroy(engine);
            throw e;
        }
    }

    @Override
    public DeviceInfo info() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("oneDNN", processor.version());
        facts.put("processor", processor.describe());
        facts.put("precision", precision.option());
        facts.put(
                "tile unit",
                processor.hasTiles() && precision != Precision.FLOAT32
                        ? programs.stream().allMatch(OneDnnProgram::isOnTiles) ? "used" : "not for this network"
                        : "not used");
        facts.put("threads", String.valueOf(workers.count()));
        facts.put(
                "kernels",
                String.valueOf(
                        programs.stream().mapToInt(OneDnnProgram::kernels).sum()));
        int threads = workers.count();
        String description = processor.describe() + ", " + threads + (threads == 1 ? " thread, " : " threads, ")
                + precision.option() + " by oneDNN " + processor.version();
        return new DeviceInfo(OneDnnDeviceProvider.NAME, description, BATCH_SIZE, facts);
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        return workers.exclusively(() -> {
            if (closed) {
                throw new ClosedException("device onednn was closed");
            }
            try {
                OneDnnProgram program =
                        new OneDnnProgram(graph, parameters, precision, processor, engine, workers, programs::remove);
                programs.add(program);
                return program;
            } catch (OutOfMemoryError e) {
                throw new DeviceException(
                        "the model's weights could not be read: not enough Java heap; give the JVM more with -Xmx", e);
            }
        });
    }

    @Override
    public void close() {
        boolean wasOpen = workers.exclusively(() -> {
            if (closed) {
                return false;
            }
            closed = true;
            List.copyOf(programs).forEach(OneDnnProgram::close);
            OneDnn.dnnl_engine_destroy(engine);
            workers.close();
            return true;
        });
        if (wasOpen) {
            OneDnnLibrary.release();
        }
    }
}
