package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorVendorTest {
    @TempDir
    private Path folder;

    @Test
    void isWhatLinuxSays() throws IOException {
        Path file = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: GenuineIntel?\n");
        assertThat(ProcessorVendor.of(file, Map.of("PROCESSOR_IDENTIFIER", "Intel64, GenuineIntel")))
                .isEqualTo("AuthenticAMD");
    }

    @Test
    void isWhatWindowsSaysWhereThereIsNoSuchFile() {
        assertThat(ProcessorVendor.of(
                        folder.resolve("none"),
                        Map.of("PROCESSOR_IDENTIFIER", "Intel64 Family 6 Model 143 Stepping 8, GenuineIntel")))
                .isEqualTo(ProcessorVendor.INTEL);
    }

    @Test
    void isEmptyWhereNobodySays() throws IOException {
        assertThat(ProcessorVendor.of(folder.resolve("none"), Map.of())).isEmpty();
        assertThat(ProcessorVendor.of(Files.writeString(folder.resolve("arm"), "processor\t: 0\n"), Map.of()))
                .isEmpty();
    }
}
