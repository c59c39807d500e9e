package org.distilqa.benchmarks.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;

/**
 * The device {@code onnxruntime}: ONNX Runtime on the processor, behind the interface that our own devices implement, so that
 * everything around the network (windows, batches, decoding) is the same for all. For comparison only.
 *
 * <p>Options: {@code directory}, required, the folder of the network in ONNX's format; {@code graph}, {@code fused} (the
 * default), {@code plain} or {@code int8}, the file's name there; {@code threads}, the available processors by default.
 */
public final class OnnxRuntimeDeviceProvider implements DeviceProvider {
    public static final String NAME = "onnxruntime";

    private static final int MAX_THREADS = 1024;

    /** The provider; {@link java.util.ServiceLoader} calls this. */
    public OnnxRuntimeDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        // Never what somebody gets who asks for the best device: it needs the network in another format.
        return Integer.MIN_VALUE;
    }

    @Override
    public Availability availability() {
        return Availability.available("ONNX Runtime, for networks that lie in ONNX's format beside their checkpoint");
    }

    @Override
    public Device open(DeviceOptions options) {
        options.requireKnown(NAME, Set.of("directory", "graph", "threads"));
        String graph = options.choice("graph", "fused", Set.of("plain", "fused", "int8"));
        int threads = options.integer(
                "threads", Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()), 1, MAX_THREADS);
        Path file = Path.of(options.get("directory")
                        .orElseThrow(() -> new InvalidConfigurationException(
                                "device onnxruntime needs the option directory, the folder of " + graph + ".onnx")))
                .resolve(graph + ".onnx");
        if (!Files.isRegularFile(file)) {
            throw new InvalidConfigurationException(file + ": there is no such file");
        }
        return new OnnxRuntimeDevice(file, graph, threads);
    }
}
