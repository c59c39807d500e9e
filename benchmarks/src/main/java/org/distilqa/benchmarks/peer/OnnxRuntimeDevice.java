package org.distilqa.benchmarks.peer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Program;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * ONNX Runtime's default execution provider for processors, with the settings that its documentation advises for latency; behind the
 * interface that our own devices implement, so that everything around the network (windows, batches, decoding) is the same for all.
 */
public final class OnnxRuntimeDevice implements Device {
    private static final int BATCH_SIZE = 8;
    private static final int MAX_THREADS = 1024;

    private final Path file;
    private final String graph;
    private final int threads;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final List<OnnxRuntimeProgram> programs = new ArrayList<>();
    private boolean closed;

    private OnnxRuntimeDevice(Path file, String graph, int threads) {
        this.file = file;
        this.graph = graph;
        this.threads = threads;
    }

    /**
     * Opens it.
     *
     * @param options {@code graph}, {@code fused} (the default), {@code plain} or {@code int8}, the file's name; {@code threads}, the
     *     available processors by default
     * @param folder where the network lies in ONNX's format
     * @throws InvalidConfigurationException if an option is wrong or the file is not there
     */
    public static OnnxRuntimeDevice open(DeviceOptions options, Path folder) {
        options.requireKnown(Contender.ONNX_RUNTIME, Set.of("graph", "threads"));
        String graph = options.choice("graph", "fused", Set.of("plain", "fused", "int8"));
        int threads = options.integer(
                "threads", Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()), 1, MAX_THREADS);
        Path file = folder.resolve(graph + ".onnx");
        if (!Files.isRegularFile(file)) {
            throw new InvalidConfigurationException(file + ": there is no such file");
        }
        return new OnnxRuntimeDevice(file, graph, threads);
    }

    @Override
    public DeviceInfo info() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", environment.getVersion());
        facts.put("graph", graph);
        facts.put("intraOpThreads", String.valueOf(threads));
        facts.put("interOpThreads", "1");
        facts.put("optimizationLevel", SessionOptions.OptLevel.ALL_OPT.name());
        facts.put("executionMode", SessionOptions.ExecutionMode.SEQUENTIAL.name());
        facts.put("spinning", "on, as by default");
        facts.put("inputs", "direct buffers, padded to the longest sequence of the batch, with attention mask");
        return new DeviceInfo(
                Contender.ONNX_RUNTIME,
                "ONNX Runtime " + environment.getVersion() + ", " + graph + " graph, " + threads
                        + (threads == 1 ? " thread" : " threads"),
                BATCH_SIZE,
                facts);
    }

    /** Reads the network from ONNX Runtime's own file; of the graph only the limits are looked at. */
    @Override
    public synchronized Program compile(Graph checkpoint, Parameters parameters) {
        if (closed) {
            throw new ClosedException("device onnxruntime was closed");
        }
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            OrtSession session = environment.createSession(file.toString(), options);
            OnnxRuntimeProgram program = new OnnxRuntimeProgram(checkpoint, environment, session);
            programs.add(program);
            return program;
        } catch (OrtException e) {
            throw new DeviceException(file + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        programs.forEach(OnnxRuntimeProgram::close);
        programs.clear();
    }
}
