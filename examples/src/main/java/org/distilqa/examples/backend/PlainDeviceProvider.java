package org.distilqa.examples.backend;

import java.util.Set;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;

/** The entry point of the backend: named in META-INF/services/org.distilqa.device.DeviceProvider. */
public final class PlainDeviceProvider implements DeviceProvider {

    /** A provider, as the service loader makes it. */
    public PlainDeviceProvider() {}

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public int priority() {
        return -100; // Never taken for "auto" where there is anything else.
    }

    @Override
    public Availability availability() {
        return Availability.available("an example backend in plain loops, one thread, slow");
    }

    @Override
    public Device open(DeviceOptions options) {
        options.requireKnown(name(), Set.of());
        return new PlainDevice();
    }
}
