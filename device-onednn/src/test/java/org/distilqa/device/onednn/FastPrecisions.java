package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.distilqa.DeviceUnavailableException;
import org.distilqa.device.DeviceOptions;

/** What a precision is tested for depends on the processor: where it is slow, that it is refused. */
final class FastPrecisions {
    static final String REASON =
            "oneDNN has no fast kernels for this precision on this processor; PrecisionTest tests its refusal";

    private FastPrecisions() {}

    static boolean bfloat16() {
        return OneDnnLibrary.load().isFast(Precision.BFLOAT16);
    }

    static boolean int8() {
        return OneDnnLibrary.load().isFast(Precision.INT8);
    }

    static boolean tiles() {
        return OneDnnLibrary.load().hasTiles();
    }

    /** A provider for which this processor has no tile unit. */
    static OneDnnDeviceProvider providerWithoutTiles() {
        OneDnnLibrary.Processor processor = OneDnnLibrary.load();
        return new OneDnnDeviceProvider(() -> new OneDnnLibrary.Processor(
                processor.version(),
                processor.isX86(),
                processor.instructions(),
                processor.products(),
                processor.vendor(),
                false));
    }

    /** Whether a precision is slow here; if so, it has been tested that it is refused. */
    static boolean isRefused(String precision) {
        if (precision.equals(OneDnnOptions.AUTO) || OneDnnLibrary.load().isFast(Precision.of(precision))) {
            return false;
        }
        assertThatThrownBy(() -> new OneDnnDeviceProvider()
                        .open(DeviceOptions.none().with("precision", precision))
                        .close())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("precision=" + precision)
                .hasMessageContaining("precision=auto");
        return true;
    }
}
