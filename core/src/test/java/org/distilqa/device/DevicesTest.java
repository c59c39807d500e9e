package org.distilqa.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.junit.jupiter.api.Test;

class DevicesTest {
    private static final DeviceProvider FAST =
            new Provider("fast", 1000, Availability.unavailable("no card found"), null);
    private static final DeviceProvider CPU = new Provider("cpu", 0, Availability.available("2 threads"), null);
    private static final DeviceProvider BUSY =
            new Provider("busy", 500, Availability.available("a card"), "another process has it");

    @Test
    void takesTheAvailableDeviceOfTheHighestPriorityForAuto() {
        assertThat(open("auto", FAST, CPU).info().name()).isEqualTo("cpu");
    }

    @Test
    void goesOnToTheNextDeviceWhenTheBestCannotBeOpened() {
        assertThat(open("auto", FAST, BUSY, CPU).info().name()).isEqualTo("cpu");
    }

    @Test
    void goesOnToTheNextDeviceWhereALibraryOfTheBestIsMissingOrItsCodeFails() {
        DeviceProvider silent = new Broken("silent", 2000, true, new NoClassDefFoundError("com/sun/jna/Native"));
        DeviceProvider failing =
                new Broken("failing", 1500, false, new AssertionError("Unsupported platform: FreeBSD"));
        assertThat(open("auto", silent, failing, CPU).info().name()).isEqualTo("cpu");
        assertThat(Devices.availability(silent).available()).isFalse();
        assertThat(Devices.availability(silent).explanation()).contains("net.java.dev.jna:jna 5.8 or later");
        assertThatThrownBy(() -> open("silent", silent))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("device silent is not available: net.java.dev.jna:jna 5.8 or later is needed");
        assertThatThrownBy(() -> open("failing", failing))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("device failing failed: java.lang.AssertionError: Unsupported platform")
                .hasCauseInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> open("gpu", silent))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("silent (not available: net.java.dev.jna:jna");
    }

    @Test
    void letsAnErrorOfTheJvmItselfThrough() {
        DeviceProvider full = new Broken("full", 1, true, new OutOfMemoryError("Java heap space"));
        assertThatThrownBy(() -> open("auto", full, CPU)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void saysWhyNoDeviceCouldBeOpened() {
        assertThatThrownBy(() -> open("auto", FAST, BUSY))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("fast is not available: no card found")
                .hasMessageContaining("busy could not be opened: another process has it");
    }

    @Test
    void saysWhyTheBestCouldNotBeOpenedWhereTheNextRefusesTheOptionsMeantForIt() {
        DeviceOptions options = DeviceOptions.none().with("precision", "int8");
        assertThatThrownBy(() -> Devices.open("auto", options, List.of(BUSY, CPU), List.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(
                        "busy could not be opened: another process has it; and device cpu has no option precision; it has"
                                + " none");
        assertThatThrownBy(() -> Devices.open("auto", options, List.of(FAST, CPU), List.of()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("device cpu has no option precision; it has none");
    }

    @Test
    void namesTheDevicesThatExistWhenThereIsNoneOfThatName() {
        assertThatThrownBy(() -> open("gpu", FAST, CPU))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessage("there is no device \"gpu\"; there are auto, which takes the best available, and"
                        + " fast (not available: no card found), cpu (available: 2 threads)");
    }

    @Test
    void saysWhyADeviceIsNotAvailable() {
        assertThatThrownBy(() -> open("fast", FAST, CPU))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessage("device fast is not available: no card found");
    }

    @Test
    void saysWhatToAddWhenThereIsNoDeviceAtAll() {
        assertThatThrownBy(() -> open("auto"))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("add a dependency on distilqa-device-cpu");
        assertThatThrownBy(() -> open("cpu"))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("add a dependency on distilqa-device-cpu");
    }

    @Test
    void keepsOptionsInTheirRange() {
        DeviceOptions options = DeviceOptions.none().with("threads", "4").with("precision", "bf16");
        assertThat(options.integer("threads", 1, 1, 8)).isEqualTo(4);
        assertThat(options.integer("absent", 7, 1, 8)).isEqualTo(7);
        assertThat(options.choice("precision", "f32", Set.of("f32", "bf16"))).isEqualTo("bf16");
        assertThatThrownBy(() -> options.integer("threads", 1, 1, 3))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("device option threads is \"4\"; it must be a whole number from 1 to 3");
        assertThatThrownBy(() -> options.integer("precision", 1, 1, 3))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> options.choice("precision", "f32", Set.of("f32")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("it must be one of [f32]");
        assertThatThrownBy(() -> options.requireKnown("cpu", Set.of("threads")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("device cpu has no option precision; it has threads");
    }

    @Test
    void asksTheClassPathForProvidersAndTakesAProviderThatFailsForOneThatIsNotAvailable() {
        // Core has none of its own.
        assertThat(Devices.providers()).isEmpty();
        Availability silent = Devices.availability(new DeviceProvider() {
            @Override
            public String name() {
                return "silent";
            }

            @Override
            public int priority() {
                return 0;
            }

            @Override
            public Availability availability() {
                throw new IllegalStateException("no answer");
            }

            @Override
            public Device open(DeviceOptions options) {
                throw new AssertionError("not opened here");
            }
        });
        assertThat(silent).isEqualTo(Availability.unavailable("java.lang.IllegalStateException: no answer"));
        assertThat(silent).hasToString("not available: java.lang.IllegalStateException: no answer");
        assertThat(Availability.available("2 threads"))
                .hasToString("available: 2 threads")
                .isEqualTo(Availability.available("2 threads"))
                .hasSameHashCodeAs(Availability.available("2 threads"))
                .isNotEqualTo(Availability.unavailable("2 threads"))
                .isNotEqualTo(Availability.available("3 threads"));
    }

    @Test
    void refusesToRecommendABatchOfNothing() {
        assertThatThrownBy(() -> new DeviceInfo("cpu", "for tests", 0, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batchSize is 0; it must be at least 1");
        assertThat(new DeviceInfo("cpu", "for tests", 1, Map.of("threads", "2")).facts())
                .containsExactly(Map.entry("threads", "2"));
    }

    private static Device open(String name, DeviceProvider... providers) {
        return Devices.open(name, DeviceOptions.none(), List.of(providers), List.of());
    }

    /** A provider whose library is not as it was when it was compiled: it fails when asked, or when opened. */
    private record Broken(String name, int priority, boolean whenAsked, Error error) implements DeviceProvider {
        @Override
        public Availability availability() {
            if (whenAsked) {
                throw error;
            }
            return Availability.available("a card");
        }

        @Override
        public Device open(DeviceOptions options) {
            throw error;
        }
    }

    private record Provider(String name, int priority, Availability availability, String failure)
            implements DeviceProvider {
        @Override
        public Device open(DeviceOptions options) {
            if (failure != null) {
                throw new DeviceUnavailableException(failure);
            }
            options.requireKnown(name, Set.of());
            return new Device() {
                @Override
                public DeviceInfo info() {
                    return new DeviceInfo(name, "for tests", 1, Map.of());
                }

                @Override
                public Program compile(Graph graph, Parameters parameters) {
                    throw new AssertionError("not compiled in this test");
                }

                @Override
                public void close() {}
            };
        }
    }
}
