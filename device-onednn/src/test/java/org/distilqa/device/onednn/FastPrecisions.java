package org.distilqa.device.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.distilqa.device.onednn.program.Precision;

/** What a precision is tested for depends on the processor: where it is slow, that it is refused. */
final class FastPrecisions {
    static final String REASON =
            "oneDNN has no fast kernels for this precision on this processor; PrecisionTest tests its refusal";

    private FastPrecisions() {}

    static boolean bfloat16() {
        return OneDnnProcessor.ofThisMachine().isFast(Precision.BFLOAT16);
    }

    static boolean int8() {
        return OneDnnProcessor.ofThisMachine().isFast(Precision.INT8);
    }

    static boolean tiles() {
        return OneDnnProcessor.ofThisMachine().hasTiles();
    }

    /** A provider for which this processor has no tile unit. */
    static OneDnnDeviceProvider providerWithoutTiles() {
        OneDnnProcessor processor = OneDnnProcessor.ofThisMachine();
        return new OneDnnDeviceProvider(() -> new OneDnnProcessor(
                processor.version(),
                processor.isX86(),
                processor.instructions(),
                processor.products(),
                processor.vendor(),
                false));
    }

    /** Skips a test where a precision is slow. */
    static void assumeFast(String precision) {
        assumeTrue(OneDnnProcessor.ofThisMachine().isFast(Precision.of(precision)), REASON);
    }
}
