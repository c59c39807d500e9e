package org.distilqa.opening;

import java.util.Map;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;

/** One of the devices that an answerer is to use. */
public sealed interface DeviceChoice {
    /** The option that says which of a provider's devices. */
    String NUMBER = "device-ids";

    /**
     * One that is to be opened.
     *
     * @param name {@code provider} or {@code provider:number}
     * @return the choice
     */
    static DeviceChoice named(String name) {
        return new Named(name);
    }

    /**
     * One that is to be opened.
     *
     * @param name as the user gave it
     */
    record Named(String name) implements DeviceChoice {
        String provider() {
            int colon = name.indexOf(':');
            return colon < 0 ? name : name.substring(0, colon);
        }

        DeviceOptions options(DeviceOptions ofAll, Map<String, DeviceOptions> ofEach) {
            DeviceOptions options = ofEach.getOrDefault(name, ofAll);
            int colon = name.indexOf(':');
            return colon < 0 ? options : options.with(NUMBER, name.substring(colon + 1));
        }
    }

    /**
     * One that is open.
     *
     * @param device it
     */
    record Given(Device device) implements DeviceChoice {}
}
