package org.distilqa.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.DeviceOptions;
import picocli.CommandLine.Option;

/** Which device, and its settings. */
final class DeviceChoice {
    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "The device: auto, or one that the command devices lists (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--device-option",
            paramLabel = "NAME=VALUE",
            description = "A setting of the device, such as threads=2. May be given several times.")
    private Map<String, String> options = new LinkedHashMap<>();

    String name() {
        return name;
    }

    DeviceOptions options() {
        return new DeviceOptions(options);
    }

    QuestionAnswerer.Builder builder(String model, ModelOptions modelOptions) {
        return modelOptions.builder(model).device(name).deviceOptions(options());
    }
}
