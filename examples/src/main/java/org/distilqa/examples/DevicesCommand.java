package org.distilqa.examples;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the devices. */
@Command(name = "devices", description = "Lists the devices, and why each is or is not available.")
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
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
