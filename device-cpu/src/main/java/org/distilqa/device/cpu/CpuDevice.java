package org.distilqa.device.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.device.cpu.kernels.WarmUp;
import org.distilqa.device.cpu.program.CpuProgram;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.distilqa.internal.ThreadTeam;

/**
 * The processor's cores. Runs take the threads one after another, each with all of them: two runs side by side would only take
 * the caches from each other.
 */
final class CpuDevice implements Device {
    private static final int BATCH_SIZE = 8;

    private final Kernels kernels;
    private final WarmUp warmUp;
    private final ThreadTeam workers;
    private final List<CpuProgram> programs = new ArrayList<>();
    private boolean closed;

    CpuDevice(Kernels kernels, int threads) {
        this.kernels = kernels;
        this.workers = new ThreadTeam(CpuDeviceProvider.NAME, threads, () -> {});
        this.warmUp = WarmUp.acquire(kernels);
    }

    @Override
    public DeviceInfo info() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kernels", kernels.name());
        facts.put("vectorBits", kernels.vectorBits() == 0 ? "unknown" : String.valueOf(kernels.vectorBits()));
        facts.put("threads", String.valueOf(workers.count()));
        return new DeviceInfo(
                CpuDeviceProvider.NAME, CpuDeviceProvider.description(workers.count(), kernels), BATCH_SIZE, facts);
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        requireOpen();
        CpuProgram program = program(graph, parameters);
        return workers.exclusively(() -> {
            requireOpen();
            programs.add(program);
            return program;
        });
    }

    private CpuProgram program(Graph graph, Parameters parameters) {
        try {
            return new CpuProgram(graph, parameters, kernels, warmUp, workers, this::forget);
        } catch (OutOfMemoryError e) {
            long megabytes = graph.parameters().stream()
                            .mapToLong(parameter -> parameter.shape().elements() * Float.BYTES)
                            .sum()
                    >> 20;
            throw new DeviceException(
                    "the model's weights do not fit in the Java heap: they take " + megabytes
                            + " MB in float32; give the JVM more with -Xmx",
                    e);
        }
    }

    @Override
    public void close() {
        workers.exclusively(() -> {
            if (!closed) {
                closed = true;
                List.copyOf(programs).forEach(CpuProgram::close);
                workers.close();
                warmUp.release();
            }
            return null;
        });
    }

    /** Called by a program that was closed, with the lock held. */
    private void forget(CpuProgram program) {
        programs.remove(program);
    }

    private void requireOpen() {
        if (workers.exclusively(() -> closed)) {
            throw new ClosedException("device cpu was closed");
        }
    }
}
