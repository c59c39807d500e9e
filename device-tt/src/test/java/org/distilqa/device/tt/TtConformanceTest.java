package org.distilqa.device.tt;

import java.util.Set;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.conformance.DeviceConformanceTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The conformance kit on the emulator. The tolerances are those of the number formats, stated in docs/wormhole.md. */
class TtConformanceTest {
    private static final double BFLOAT8_B_TOLERANCE = 0.2;
    private static final double BFLOAT16_TOLERANCE = 0.1;
    private static final DeviceOptions BFLOAT16 =
            DeviceOptions.none().with("precision", "bfloat16").with("math-fidelity", "hifi3");

    /** One chip, weights in bfloat8_b and results in bfloat16 at HiFi2. */
    @Nested
    class OnAnN150ByDefault extends OnTheEmulator {
        OnAnN150ByDefault() {
            super("n150", DeviceOptions.none(), BFLOAT8_B_TOLERANCE);
        }
    }

    /** One chip, weights and results in bfloat16 at HiFi3. */
    @Nested
    class OnAnN150InBfloat16 extends OnTheEmulator {
        OnAnN150InBfloat16() {
            super("n150", BFLOAT16, BFLOAT16_TOLERANCE);
        }
    }

    /** Both chips as a mesh, by default. */
    @Nested
    class OnAnN300ByDefault extends OnTheEmulator {
        OnAnN300ByDefault() {
            super("n300", DeviceOptions.none(), BFLOAT8_B_TOLERANCE);
        }
    }

    /** Both chips as a mesh, weights and results in bfloat16 at HiFi3. */
    @Nested
    class OnAnN300InBfloat16 extends OnTheEmulator {
        OnAnN300InBfloat16() {
            super("n300", BFLOAT16, BFLOAT16_TOLERANCE);
        }
    }

    /** One chip, weights and results in bfloat8_b at HiFi2. */
    @Nested
    class OnAnN150InBfloat8B extends OnTheEmulator {
        OnAnN150InBfloat8B() {
            super("n150", DeviceOptions.none().with("activation-precision", "bfloat8_b"), BFLOAT8_B_TOLERANCE);
        }
    }

    /** Op by op, without traces. */
    @Nested
    class WithoutTraces extends OnTheEmulator {
        WithoutTraces() {
            super("n300", DeviceOptions.none().with("trace", "off"), BFLOAT8_B_TOLERANCE);
        }
    }

    /** The kit on one kind of board. */
    abstract static class OnTheEmulator extends DeviceConformanceTest {
        private final DeviceOptions options;
        private final double tolerance;

        OnTheEmulator(String board, DeviceOptions options, double tolerance) {
            Emulator.require();
            Emulator.set("BOARD", board);
            this.options = options;
            this.tolerance = tolerance;
        }

        @Override
        protected DeviceProvider provider() {
            return new TtDeviceProvider();
        }

        @Override
        protected DeviceOptions options() {
            return options;
        }

        /** Its kernels take tiles of 32 columns, and have no silu. */
        @Override
        protected Set<String> refusedNetworks() {
            return Set.of("odd-gelu", "odd-relu", "silu");
        }

        @Override
        protected double tolerance() {
            return tolerance;
        }
    }

    @BeforeAll
    static void requireTheEmulator() {
        Emulator.require();
    }

    @AfterAll
    static void reset() {
        Emulator.reset();
    }
}
