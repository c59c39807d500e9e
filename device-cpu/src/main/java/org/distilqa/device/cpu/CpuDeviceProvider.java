package org.distilqa.device.cpu;

import java.util.Set;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.device.cpu.kernels.KernelsLookup;
import org.distilqa.device.cpu.kernels.Processor;

/**
 * The device {@code cpu}: float32 in pure Java, on every machine. Several times faster where the JVM was started with
 * {@code --add-modules jdk.incubator.vector}.
 *
 * <p>Options: {@code threads}, 1 to 1024, the available processors by default, how many threads share a run, the calling one
 * included; {@code kernels}, {@code auto} (the default), {@code vector} or {@code scalar}.
 */
public final class CpuDeviceProvider implements DeviceProvider {
    static final String NAME = "cpu";

    private static final int MAX_THREADS = 1024;

    /** The provider; {@link java.util.ServiceLoader} calls this. */
    public CpuDeviceProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability availability() {
        return Availability.available(description(defaultThreads(), KernelsLookup.kernels(KernelsLookup.AUTO)));
    }

    @Override
    public Device open(DeviceOptions options) {
        options.requireKnown(NAME, Set.of("threads", "kernels"));
        int threads = options.integer("threads", defaultThreads(), 1, MAX_THREADS);
        String kernels = options.choice(
                "kernels", KernelsLookup.AUTO, Set.of(KernelsLookup.AUTO, KernelsLookup.VECTOR, KernelsLookup.SCALAR));
        KernelsLookup.warnIfSlow();
        return new CpuDevice(KernelsLookup.kernels(kernels), threads);
    }

    static String description(int threads, Kernels kernels) {
        String slowness = kernels.vectorBits() == 0 ? KernelsLookup.slowness() : "";
        return Processor.name() + ", " + threads + (threads == 1 ? " thread, " : " threads, ") + kernels.description()
                + (slowness.isEmpty() ? "" : ", " + slowness);
    }

    private static int defaultThreads() {
        return Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    }
}
