package org.distilqa.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;

/**
 * What an engine is opened with. Calls with equal ones share it.
 *
 * @param model a directory, an id of the hub or {@code bundled}
 * @param revision of the repository on the hub
 * @param devices their names, separated by commas
 * @param deviceOptions the device's own options
 * @param batchSize how many windows the device is given at a time at most; 0 for what it recommends
 * @param maxContextLength how many characters a context may have
 */
record EngineOptions(
        String model,
        String revision,
        String devices,
        Map<String, String> deviceOptions,
        int batchSize,
        int maxContextLength) {
    private static final String THREADS = "threads";

    QuestionAnswerer open() {
        QuestionAnswerer.Builder builder =
                QuestionAnswerer.builder().model(modelHere()).revision(revision).maxContextLength(maxContextLength);
        String[] names = devices.strip().split("\\s*,\\s*");
        if (names.length > 1) {
            builder.device(names[0], Arrays.copyOfRange(names, 1, names.length))
                    .deviceOptions(new DeviceOptions(deviceOptions));
        } else {
            String name = Devices.AUTO.equals(names[0]) ? best() : names[0];
            builder.device(name).deviceOptions(new DeviceOptions(withThreads(name)));
        }
        return (batchSize == 0 ? builder : builder.batchSize(batchSize)).build();
    }

    /** Of the archives and directories that Spark has brought to this executor, the one of this name; otherwise the name as it is. */
    private String modelHere() {
        if (SparkEnv.get() != null && !Files.isDirectory(Path.of(model))) {
            Path brought = Path.of(SparkFiles.getRootDirectory(), model);
            if (Files.isDirectory(brought)) {
                return brought.toAbsolutePath().toString();
            }
        }
        return model;
    }

    /** The device that {@code auto} means here, so that its options can be known. */
    private static String best() {
        Optional<DeviceProvider> available = Devices.providers().stream()
                .filter(provider -> Devices.availability(provider).available())
                .findFirst();
        return available.map(DeviceProvider::name).orElse(Devices.AUTO);
    }

    /** On the processor, as many threads as the executor has cores: it may have a part of the machine only. */
    private Map<String, String> withThreads(String device) {
        boolean processor = device.equals("cpu") || device.equals("onednn");
        if (!processor || deviceOptions.containsKey(THREADS) || SparkEnv.get() == null) {
            return deviceOptions;
        }
        int all = Runtime.getRuntime().availableProcessors();
        int cores = SparkEnv.get().conf().getInt("spark.executor.cores", all);
        if (cores >= all) {
            return deviceOptions;
        }
        Map<String, String> options = new TreeMap<>(deviceOptions);
        options.put(THREADS, Integer.toString(cores));
        return options;
    }

    static InvalidConfigurationException refused(String name, String value, String allowed) {
        return new InvalidConfigurationException(
                "option " + name + " of " + DistilQa.FUNCTION + " is \"" + value + "\"; it must be " + allowed);
    }
}
