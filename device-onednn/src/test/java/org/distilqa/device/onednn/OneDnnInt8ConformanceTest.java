package org.distilqa.device.onednn;

import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.distilqa.device.onednn.FastPrecisions#int8", disabledReason = FastPrecisions.REASON)
class OneDnnInt8ConformanceTest extends DeviceConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return new OneDnnDeviceProvider();
    }

    @Override
    protected DeviceOptions options() {
        return DeviceOptions.none().with("precision", "int8");
    }

    @Override
    protected double tolerance() {
        return 0.3;
    }
}
