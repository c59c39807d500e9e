package org.distilqa.device.onednn;

import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.distilqa.device.onednn.FastPrecisions#bfloat16", disabledReason = FastPrecisions.REASON)
class OneDnnBfloat16ConformanceTest extends DeviceConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return new OneDnnDeviceProvider();
    }

    @Override
    protected DeviceOptions options() {
        return DeviceOptions.none().with("precision", "bfloat16");
    }

    @Override
    protected double tolerance() {
        return 0.1;
    }
}
