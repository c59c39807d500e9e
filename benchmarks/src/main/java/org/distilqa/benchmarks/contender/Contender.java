package org.distilqa.benchmarks.contender;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.distilqa.device.DeviceOptions;

/**
 * What takes part: a device of ours with its options, or a peer.
 *
 * @param name a device's name, or a peer's
 * @param options its options
 */
public record Contender(String name, DeviceOptions options) {
    public static final String DJL = "djl";
    public static final String ONNX_RUNTIME = "onnxruntime";

    /** Values of options that name a format of numbers, and so what a contender is to be compared with. */
    private static final Set<String> PRECISIONS = Set.of("float32", "int8", "bfloat16", "float16", "bfloat8_b");

    private static final Map<String, String> OTHER_DEFAULT_PRECISIONS = Map.of("tt", "bfloat8_b");

    private static final String OPENVINO = "openvino";
    private static final String TRANSFORMERS = "transformers";

    /** What others are called in tables and charts. */
    private static final Map<String, String> PEERS =
            Map.of(DJL, "DJL", ONNX_RUNTIME, "ONNX Runtime", OPENVINO, "OpenVINO", TRANSFORMERS, "transformers");

    private static final String ONEDNN = "onednn";
    private static final Set<String> CHOOSE_PRECISION = Set.of(ONEDNN, OPENVINO, TRANSFORMERS);

    private static final String PRECISION = "precision";

    /** Reads what {@link #toString()} writes. */
    public static Contender parse(String text) {
        String[] parts = text.strip().split(",");
        DeviceOptions options = DeviceOptions.none();
        for (String part : List.of(parts).subList(1, parts.length)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new BenchmarkException("contender \"" + text + "\": \"" + part
                        + "\" is not an option; write a contender as a device's name and options, such as"
                        + " onnxruntime,graph=fused");
            }
            options = options.with(
                    part.substring(0, equals).strip(),
                    part.substring(equals + 1).strip());
        }
        String name = parts[0].strip();
        if (name.isEmpty()) {
            throw new BenchmarkException("contender \"" + text + "\" has no name");
        }
        // By themselves they take what suits the processor; who is compared is told.
        boolean isUnsaid =
                CHOOSE_PRECISION.contains(name) && options.get(PRECISION).isEmpty();
        return new Contender(name, isUnsaid ? options.with(PRECISION, "float32") : options);
    }

    public Contender with(String option, String value) {
        return new Contender(name, options.with(option, value));
    }

    public boolean isDjl() {
        return name.equals(DJL);
    }

    public boolean isOpenVino() {
        return name.equals(OPENVINO);
    }

    public boolean isTransformers() {
        return name.equals(TRANSFORMERS);
    }

    /** Whether it runs in Python, not in a JVM. */
    public boolean isPython() {
        return isOpenVino() || isTransformers();
    }

    /** The packages of Python that it needs; none for what runs in a JVM. */
    public List<String> pythonPackages() {
        if (isTransformers()) {
            return List.of("torch", "transformers");
        }
        if (isOpenVino()) {
            return precision().equals("int8") ? List.of("openvino", "nncf") : List.of("openvino");
        }
        return List.of();
    }

    public boolean isOneDnn() {
        return name.equals(ONEDNN);
    }

    public boolean isOnnxRuntime() {
        return name.equals(ONNX_RUNTIME);
    }

    /** Whether it is somebody else's. */
    public boolean isPeer() {
        return isDjl() || isOnnxRuntime() || isPython();
    }

    /** The format of the numbers that the network's matrix products take. */
    public String precision() {
        return options.values().values().stream()
                .filter(PRECISIONS::contains)
                .findFirst()
                .orElse(OTHER_DEFAULT_PRECISIONS.getOrDefault(name, "float32"));
    }

    /** Whose it is. */
    public String product() {
        return PEERS.getOrDefault(name, "DistilQA " + name);
    }

    /** What it is called in tables and charts. */
    public String label() {
        String product = product();
        List<String> values = new ArrayList<>();
        new TreeMap<>(options.values())
                .forEach((option, value) -> values.add(
                        Set.of("graph", "kernels").contains(option) || PRECISIONS.contains(value)
                                ? value
                                : option + " " + value));
        return values.isEmpty() ? product : product + " (" + String.join(", ", values) + ")";
    }

    /** For example {@code onnxruntime,graph=fused}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        new TreeMap<>(options.values())
                .forEach((option, value) ->
                        text.append(',').append(option).append('=').append(value));
        return text.toString();
    }
}
