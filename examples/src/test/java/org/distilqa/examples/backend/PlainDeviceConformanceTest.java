package org.distilqa.examples.backend;

import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;

class PlainDeviceConformanceTest extends DeviceConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return new PlainDeviceProvider();
    }
}
