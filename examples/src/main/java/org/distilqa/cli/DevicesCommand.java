package org.distilqa.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.model.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the devices. */
@Command(name = "devices", description = "Lists the devices, and why each is or is not available.")
public final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--plan",
            description =
                    "Print what a run of the model on a Wormhole card costs at best, on paper, for each board and length.")
    private boolean plan;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "8",
            description = "With --plan: sequences on each chip (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--device-option",
            paramLabel = "NAME=VALUE",
            description =
                    "With --plan: a setting of the device tt, such as math-fidelity=hifi3. May be given several times.")
    private Map<String, String> options = new LinkedHashMap<>();

    DevicesCommand() {}

    @Override
    public Integer call() {
        return plan ? printPlans() : printDevices();
    }

    private int printPlans() {
        PrintWriter out = spec.commandLine().getOut();
        try (Checkpoint checkpoint = model.load()) {
            WormholePlans plans = new WormholePlans(checkpoint.graph(), new DeviceOptions(options), batchSize);
            if (json) {
                ObjectNode result = Json.object();
                result.set("plans", plans.json());
                out.println(result);
            } else {
                plans.print(out);
            }
        }
        out.flush();
        return 0;
    }

    private int printDevices() {
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode result = Json.object();
        ArrayNode devices = result.withArray("devices");
        String best = "";
        for (DeviceProvider provider : Devices.providers()) {
            Availability availability = Devices.availability(provider);
            if (best.isEmpty() && availability.available()) {
                best = provider.name();
            }
            devices.addObject()
                    .put("name", provider.name())
                    .put("priority", provider.priority())
                    .put("available", availability.available())
                    .put("explanation", availability.explanation());
            if (!json) {
                out.println(provider.name() + ": " + (availability.available() ? "" : "not ") + "available: "
                        + availability.explanation() + " (priority " + provider.priority() + ")");
            }
        }
        result.put("auto", best);
        out.println(json ? result : best.isEmpty() ? "auto takes none" : "auto takes " + best);
        out.flush();
        return 0;
    }
}
