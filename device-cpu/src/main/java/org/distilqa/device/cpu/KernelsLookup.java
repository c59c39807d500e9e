package org.distilqa.device.cpu;

import org.distilqa.DeviceUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between the scalar kernels and those of the Vector API, once, and logs why. */
final class KernelsLookup {
    static final String AUTO = "auto";
    static final String VECTOR = "vector";
    static final String SCALAR = "scalar";

    private static final String MODULE = "jdk.incubator.vector";

    private KernelsLookup() {}

    /**
     * The kernels of a name.
     *
     * @throws DeviceUnavailableException if {@code vector} is asked for and this JVM cannot run it
     */
    static Kernels kernels(String name) {
        if (name.equals(SCALAR)) {
            return Found.SCALAR_KERNELS;
        }
        if (name.equals(VECTOR) && Found.VECTOR_KERNELS == null) {
            throw new DeviceUnavailableException("device cpu cannot use kernels=vector: " + Found.WHY_NOT_VECTOR);
        }
        return Found.VECTOR_KERNELS == null ? Found.SCALAR_KERNELS : Found.VECTOR_KERNELS;
    }

    /** Whether the JVM can run the Vector API's kernels. */
    static boolean vectorIsAvailable() {
        return Found.VECTOR_KERNELS != null;
    }

    /** Initialised on first use, so that merely loading the provider costs nothing. */
    private static final class Found {
        static final Kernels SCALAR_KERNELS = new ScalarKernels();
        static final Kernels VECTOR_KERNELS;
        static final String WHY_NOT_VECTOR;

        static {
            Logger log = LoggerFactory.getLogger(KernelsLookup.class);
            Kernels vector = null;
            String reason = reasonAgainstVector();
            if (reason.isEmpty()) {
                // Not in module-info: javac would warn of it in every program that requires ours.
                ModuleLayer.boot()
                        .findModule(MODULE)
                        .ifPresent(module -> KernelsLookup.class.getModule().addReads(module));
                try {
                    // By name only: the class cannot be linked in a JVM without the module.
                    vector = (Kernels) Class.forName("org.distilqa.device.cpu.VectorKernels")
                            .getDeclaredConstructor()
                            .newInstance();
                    log.info("device cpu uses the {}", vector.description());
                } catch (ReflectiveOperationException | LinkageError e) {
                    reason = "the Vector API of this JVM does not work: " + e;
                }
            }
            if (vector == null) {
                log.info("device cpu uses scalar kernels, which are several times slower: {}", reason);
            }
            VECTOR_KERNELS = vector;
            WHY_NOT_VECTOR = reason;
        }

        private static String reasonAgainstVector() {
            if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
                return "the JVM was started without the Vector API; add --add-modules " + MODULE
                        + " to its command line";
            }
            // Without C2, each vector operation is a call that allocates its result.
            String vm = System.getProperty("java.vm.info", "");
            if (vm.contains("interpreted mode") || vm.contains("emulated-client")) {
                return "this JVM runs without its optimising compiler (" + vm + ")";
            }
            return "";
        }
    }
}
