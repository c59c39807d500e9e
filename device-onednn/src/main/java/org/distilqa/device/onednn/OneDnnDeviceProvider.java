package org.distilqa.device.onednn;

import java.util.function.Supplier;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.onednn.OneDnnLibrary.Processor;

/**
 * The device {@code onednn}: the processor's cores with the kernels of oneDNN, which is in this module's jars for Linux, macOS and
 * Windows.
 *
 * <p>Options: {@code threads}, 1 to 1024, the available processors by default, how many threads share a run, the calling one
 * included; {@code precision}, {@code float32} (the default), {@code bfloat16} or {@code int8}. docs/onednn.md says more.
 */
public final class OneDnnDeviceProvider implements DeviceProvider {
    static final String NAME = "onednn";

    private final Supplier<Processor> library;

    /** The provider; {@link java.util.ServiceLoader} calls this. */
    public OneDnnDeviceProvider() {
        this(OneDnnLibrary::load);
    }

    /** A provider for another machine: what loading the library gives there, or throws. */
    OneDnnDeviceProvider(Supplier<Processor> library) {
        this.library = library;
    }

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
            Processor processor = usable();
            return Availability.available(processor.describe() + ", oneDNN " + processor.version());
        } catch (QuestionAnsweringException e) {
            return Availability.unavailable(e.getMessage());
        }
    }

    @Override
    public Device open(DeviceOptions options) {
        OneDnnOptions checked = OneDnnOptions.of(options);
        return new OneDnnDevice(usable(), checked);
    }

    private Processor usable() {
        Processor processor;
        try {
            processor = library.get();
        } catch (LinkageError e) {
            throw new DeviceUnavailableException("oneDNN or JNA could not be loaded: " + e.getMessage(), e);
        }
        if (processor.isX86() && !processor.hasAvx2()) {
            throw new DeviceUnavailableException(
                    "this processor has no AVX2, or it is switched off (ONEDNN_MAX_CPU_ISA); without it oneDNN is no"
                            + " faster than the device cpu");
        }
        return processor;
    }
}
