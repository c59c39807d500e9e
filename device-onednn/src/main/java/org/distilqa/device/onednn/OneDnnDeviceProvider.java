package org.distilqa.device.onednn;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.internal.LibraryFault;
import org.distilqa.internal.SharedLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device {@code onednn}: the processor's cores with the kernels of oneDNN, which is in this module's jars for Linux, macOS and
 * Windows.
 *
 * <p>Options: {@code threads}, 1 to 1024, the available processors by default, how many threads share a run, the calling one
 * included; {@code precision}, {@code float32}, {@code bfloat16}, {@code int8} or {@code auto}, the default, which is bfloat16
 * where the processor has instructions for it and float32 elsewhere. A precision that oneDNN has no fast kernels for on this
 * processor is refused. docs/onednn.md says more.
 */
public final class OneDnnDeviceProvider implements DeviceProvider {
    static final String NAME = "onednn";

    private final Supplier<OneDnnProcessor> library;

    /** The provider; {@link java.util.ServiceLoader} calls this. */
    public OneDnnDeviceProvider() {
        this(OneDnnProcessor::ofThisMachine);
    }

    /** A provider for another machine: what loading the library gives there, or throws. */
    OneDnnDeviceProvider(Supplier<OneDnnProcessor> library) {
        this.library = library;
    }

    private static final Logger LOG = LoggerFactory.getLogger(OneDnnDeviceProvider.class);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Availability availability() {
        try {
            return Availability.available(describe(usable()));
        } catch (QuestionAnsweringException e) {
            return Availability.unavailable(e.getMessage());
        }
    }

    private static String describe(OneDnnProcessor processor) {
        String fast = Arrays.stream(Precision.values())
                .filter(processor::isFast)
                .map(Precision::option)
                .collect(Collectors.joining(", "));
        return processor.describe() + ", oneDNN " + processor.version() + ", fast in " + fast + "; precision="
                + OneDnnOptions.AUTO + " takes " + processor.automatic().option();
    }

    @Override
    public Device open(DeviceOptions options) {
        OneDnnOptions checked = OneDnnOptions.of(options);
        OneDnnProcessor processor = usable();
        Precision precision = checked.precision().orElse(processor.automatic());
        processor.requireFast(precision);
        return new OneDnnDevice(processor, precision, threads(checked, processor));
    }

    private static int threads(OneDnnOptions options, OneDnnProcessor processor) {
        if (options.threads() == 1 || processor.mayShareRuns()) {
            return options.threads();
        }
        LOG.warn(
                "device onednn takes 1 thread instead of {}: on {} oneDNN's products are not sure to be right with more",
                options.threads(),
                processor.describe());
        return 1;
    }

    private OneDnnProcessor usable() {
        OneDnnProcessor processor;
        Optional<String> problem = SharedLibrary.JNA.problem(getClass().getClassLoader());
        if (problem.isPresent()) {
            throw new DeviceUnavailableException(problem.get());
        }
        try {
            processor = library.get();
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            throw new DeviceUnavailableException("oneDNN or JNA could not be loaded: " + LibraryFault.explain(e), e);
        }
        // Attention or the head are float32 in every precision.
        processor.requireFast(Precision.FLOAT32);
        return processor;
    }
}
