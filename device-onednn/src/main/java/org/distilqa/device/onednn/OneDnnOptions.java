package org.distilqa.device.onednn;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.onednn.program.Precision;

/**
 * The options of the device, checked.
 *
 * @param threads how many threads share a run
 * @param precision what the linear maps multiply; empty for what suits the processor
 */
record OneDnnOptions(int threads, Optional<Precision> precision) {
    /** The precision that the device chooses. */
    static final String AUTO = "auto";

    private static final String THREADS = "threads";
    private static final String PRECISION = "precision";

    private static final int MAX_THREADS = 1024;

    /**
     * Reads the options.
     *
     * @throws org.distilqa.InvalidConfigurationException if one is unknown or its value out of range
     */
    static OneDnnOptions of(DeviceOptions options) {
        options.requireKnown(OneDnnDeviceProvider.NAME, Set.of(THREADS, PRECISION));
        int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        return new OneDnnOptions(options.integer(THREADS, processors, 1, MAX_THREADS), precision(options));
    }

    private static Optional<Precision> precision(DeviceOptions options) {
        Set<String> choices = new TreeSet<>(Precision.options());
        choices.add(AUTO);
        String choice = options.choice(PRECISION, AUTO, choices);
        return choice.equals(AUTO) ? Optional.empty() : Optional.of(Precision.of(choice));
    }
}
