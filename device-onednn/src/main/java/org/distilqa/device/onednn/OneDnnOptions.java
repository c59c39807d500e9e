package org.distilqa.device.onednn;

import java.util.Set;
import org.distilqa.device.DeviceOptions;

/**
 * The options of the device, checked.
 *
 * @param threads how many threads share a run
 * @param precision what the linear maps multiply
 */
record OneDnnOptions(int threads, Precision precision) {
    private static final String THREADS = "threads";
    private static final String PRECISION = "precision";

    private static final int MAX_THREADS = 1024;

    /**
     * Reads the options.
     *
     * @throws org.distilqa.InvalidRequestException if one is unknown or its value out of range
     */
    static OneDnnOptions of(DeviceOptions options) {
        options.requireKnown(OneDnnDeviceProvider.NAME, Set.of(THREADS, PRECISION));
        int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        return new OneDnnOptions(
                options.integer(THREADS, processors, 1, MAX_THREADS),
                Precision.of(options.choice(PRECISION, Precision.FLOAT32.option(), Precision.options())));
    }
}
