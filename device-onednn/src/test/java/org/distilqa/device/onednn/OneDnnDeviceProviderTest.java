package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.device.onednn.binding.OneDnnLibrary;
import org.junit.jupiter.api.Test;

class OneDnnDeviceProviderTest {

    @Test
    void ranksAboveTheReferenceDeviceAndBelowACard() {
        assertThat(new OneDnnDeviceProvider().priority()).isBetween(1, 999);
        assertThat(Devices.providers().stream().map(DeviceProvider::name)).startsWith("onednn");
    }

    @Test
    void saysWhyTheLibraryCannotBeLoaded() {
        OneDnnDeviceProvider provider = new OneDnnDeviceProvider(() -> {
            throw new UnsatisfiedLinkError("no such thing in here");
        });
        assertThat(provider.availability().available()).isFalse();
        assertThat(provider.availability().explanation()).contains("no such thing in here");
        assertThatThrownBy(() -> provider.open(DeviceOptions.none()).close())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("no such thing in here");
    }

    @Test
    void namesThePlatformsThatThereIsALibraryFor() {
        assertThatThrownBy(() -> OneDnnLibrary.platform("FreeBSD", "riscv64"))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("FreeBSD")
                .hasMessageContaining("riscv64")
                .hasMessageContaining("linux-x86_64")
                .hasMessageContaining("windows-x86_64");
    }

    @Test
    void leavesTheReferenceDeviceOnAPlatformWithoutALibrary() throws Exception {
        String output = auto(Map.of(), "-Dos.arch=sparc");
        assertThat(output).contains("took cpu").contains("device onednn is not available: there is no oneDNN for");
    }

    @Test
    void leavesTheReferenceDeviceWhereTheJarOfThePlatformIsMissing() throws Exception {
        String output = auto(Map.of(), "-Ddistilqa.test.without=dnnl-");
        assertThat(output)
                .contains("took cpu")
                .contains("device onednn is not available: neither the class path nor the module path has");
    }

    @Test
    void worksWithoutAPlaceInTheUsersCache() throws Exception {
        String output =
                auto(Map.of("XDG_CACHE_HOME", "/proc/nowhere", "LOCALAPPDATA", ""), "-Duser.home=/proc/nowhere");
        assertThat(output).contains("took onednn");
    }

    /** Lets a process of its own choose a device. */
    private static String auto(Map<String, String> environment, String... flags)
            throws IOException, InterruptedException {
        String without = List.of(flags).stream()
                .filter(flag -> flag.startsWith("-Ddistilqa.test.without="))
                .map(flag -> flag.substring(flag.indexOf('=') + 1))
                .findFirst()
                .orElse("\0");
        List<String> classPath = new ArrayList<>(JavaProcess.classPath());
        classPath.removeIf(entry -> Path.of(entry).getFileName().toString().startsWith(without));
        List<String> logging = new ArrayList<>(List.of(flags));
        logging.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=info");
        return JavaProcess.run(environment, logging, classPath, Auto.class);
    }

    /** Opens the best device. */
    static final class Auto {
        private Auto() {}

        public static void main(String[] arguments) {
            try (Device device = Devices.open(Devices.AUTO, DeviceOptions.none())) {
                System.out.println("took " + device.info().name());
            }
        }
    }
}
