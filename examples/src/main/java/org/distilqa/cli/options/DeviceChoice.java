package org.distilqa.cli.options;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import picocli.CommandLine.Option;

/** Which device, and its settings. */
public final class DeviceChoice {
    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = Devices.AUTO,
            description = "The device: auto, or one that the command devices lists (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--device-option",
            paramLabel = "NAME=VALUE",
            description = "A setting of the device, such as threads=2. May be given several times.")
    private Map<String, String> options = new LinkedHashMap<>();

    DeviceChoice() {}

    /**
     * Opens it by itself.
     *
     * @return the device, which the caller closes
     * @throws org.distilqa.QuestionAnsweringException if it cannot be used
     */
    public Device open() {
        return Devices.open(name, new DeviceOptions(options));
    }

    /**
     * What answers on it.
     *
     * @param model the model that answers
     * @return a builder
     */
    public QuestionAnswerer.Builder builder(ModelOptions model) {
        return model.builder().device(name).deviceOptions(new DeviceOptions(options));
    }
}
