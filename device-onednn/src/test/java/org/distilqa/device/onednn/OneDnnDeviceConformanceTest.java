package org.distilqa.device.onednn;

import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;

class OneDnnDeviceConformanceTest extends DeviceConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return new OneDnnDeviceProvider();
    }

    @Override
    protected DeviceOptions options() {
        return DeviceOptions.none().with("precision", "float32");
    }
}
