package org.distilqa.device.onednn;

import org.distilqa.device.DeviceProvider;
import org.junit.jupiter.api.condition.EnabledIf;

/** As on a processor without the tile unit, or where its library was not built. */
@EnabledIf(value = "org.distilqa.device.onednn.FastPrecisions#bfloat16", disabledReason = FastPrecisions.REASON)
class OneDnnBfloat16WithoutTilesConformanceTest extends OneDnnBfloat16ConformanceTest {
    @Override
    protected DeviceProvider provider() {
        return FastPrecisions.providerWithoutTiles();
    }
}
