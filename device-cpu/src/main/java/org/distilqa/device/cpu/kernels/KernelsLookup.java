package org.distilqa.device.cpu.kernels;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.distilqa.DeviceUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between the scalar kernels and those of the Vector API, once, and says how slow those are. */
public final class KernelsLookup {
    public static final String AUTO = "auto";
    public static final String VECTOR = "vector";
    public static final String SCALAR = "scalar";

    private static final Logger LOG = LoggerFactory.getLogger(KernelsLookup.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private KernelsLookup() {}

    /**
     * The kernels of a name.
     *
     * @throws DeviceUnavailableException if {@code vector} is asked for and this JVM cannot run it
     */
    public static Kernels kernels(String name) {
        if (name.equals(SCALAR)) {
            return Found.SCALAR_KERNELS;
        }
        if (name.equals(VECTOR) && Found.VECTOR_KERNELS == null) {
            throw new DeviceUnavailableException("device cpu cannot use kernels=vector; it would be " + Found.SLOWNESS);
        }
        return Found.VECTOR_KERNELS == null ? Found.SCALAR_KERNELS : Found.VECTOR_KERNELS;
    }

    /** The names of the kernels that this JVM can run. */
    public static List<String> names() {
        return Found.VECTOR_KERNELS == null ? List.of(SCALAR) : List.of(SCALAR, VECTOR);
    }

    /** Why this JVM runs the device slowly, in a line; empty if it does not. */
    public static String slowness() {
        return Found.SLOWNESS;
    }

    /** Warns that the device is slow in this JVM, the first time that it is opened. */
    public static void warnIfSlow() {
        if (!slowness().isEmpty() && WARNED.compareAndSet(false, true)) {
            LOG.warn("device cpu uses scalar kernels, {}", slowness());
        }
    }

    /** Initialised on first use, so that merely loading the provider costs nothing. */
    private static final class Found {
        static final Kernels SCALAR_KERNELS = new ScalarKernels();
        static final Kernels VECTOR_KERNELS;
        static final String SLOWNESS;

        static {
            Kernels vector = null;
            String slowness = SlowPath.ofThisJvm().map(SlowPath::describe).orElse("");
            if (slowness.isEmpty()) {
                // Not in module-info: javac would warn of it in every program that requires ours.
                ModuleLayer.boot()
                        .findModule(SlowPath.MODULE)
                        .ifPresent(module -> KernelsLookup.class.getModule().addReads(module));
                try {
                    // By name only: the class cannot be linked in a JVM without the module.
                    vector = (Kernels) Class.forName(KernelsLookup.class.getPackageName() + ".VectorKernels")
                            .getDeclaredConstructor()
                            .newInstance();
                    LOG.info("device cpu uses the {}", vector.description());
                } catch (ReflectiveOperationException | LinkageError e) {
                    slowness = "several times slower than with the Vector API, which does not work in this JVM: " + e;
                }
            }
            VECTOR_KERNELS = vector;
            SLOWNESS = slowness;
        }
    }
}
