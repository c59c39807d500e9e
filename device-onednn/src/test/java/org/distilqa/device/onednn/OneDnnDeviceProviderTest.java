package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.device.onednn.OneDnnLibrary.Processor;
import org.junit.jupiter.api.Test;

class OneDnnDeviceProviderTest {

    @Test
    void ranksAboveTheReferenceDeviceAndBelowACard() {
        assertThat(new OneDnnDeviceProvider().priority()).isBetween(1, 999);
        assertThat(Devices.providers().stream().map(DeviceProvider::name)).startsWith("onednn");
    }

    @Test
    void isNotAvailableOnAProcessorWithoutAvx2() {
        OneDnnDeviceProvider provider = new OneDnnDeviceProvider(() -> new Processor("3.13.0", true, 0x1));
        assertThat(provider.availability()).extracting(Availability::available).isEqualTo(false);
        assertThat(provider.availability().explanation()).contains("AVX2").contains("cpu");
        assertThatThrownBy(() -> provider.open(DeviceOptions.none()).close())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("AVX2");
    }

    @Test
    void isAvailableOnArmWhateverTheBitsOfX86Say() {
        OneDnnDeviceProvider provider = new OneDnnDeviceProvider(() -> new Processor("3.13.0", false, 0));
        assertThat(provider.availability().available()).isTrue();
        assertThat(provider.availability().explanation()).contains("ARM64");
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
    void leavesTheReferenceDeviceWhereAvx2IsSwitchedOff() throws Exception {
        assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"), "of x86-64 only");
        String output = auto(Map.of("ONEDNN_MAX_CPU_ISA", "SSE41"));
        assertThat(output).contains("took cpu").contains("device onednn is not available: this processor has no AVX2");
    }

    @Test
    void leavesTheReferenceDeviceOnAPlatformWithoutALibrary() throws Exception {
        String output = auto(Map.of(), "-Dos.arch=sparc");
        assertThat(output).contains("took cpu").contains("device onednn is not available: there is no oneDNN for");
    }

    @Test
    void leavesTheReferenceDeviceWhereTheJarOfThePlatformIsMissing() throws Exception {
        String output = auto(Map.of(), "-Ddistilqa.test.without=dnnl-");
        assertThat(output).contains("took cpu").contains("device onednn is not available: the class path has no");
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
        List<String> classPath = new ArrayList<>(
                List.of(System.getProperty("java.class.path").split(System.getProperty("path.separator"))));
        classPath.removeIf(entry -> Path.of(entry).getFileName().toString().startsWith(without));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-cp",
                String.join(System.getProperty("path.separator"), classPath),
                Auto.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
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
