package org.distilqa.device.cpu;

import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;

class CpuDeviceConformanceTest extends DeviceConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return new CpuDeviceProvider();
    }
}
