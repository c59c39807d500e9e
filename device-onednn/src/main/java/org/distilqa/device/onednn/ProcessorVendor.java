package org.distilqa.device.onednn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Who made an x86-64 processor, as its instruction CPUID says it and the operating system tells it. */
final class ProcessorVendor {
    static final String INTEL = "GenuineIntel";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String LINE = "vendor_id";

    private ProcessorVendor() {}

    /** The vendor of this machine's processor; empty where the system does not tell. */
    static String ofThisMachine() {
        return of(CPU_INFO, System.getenv());
    }

    /**
     * A vendor as Linux or Windows tells it.
     *
     * @param cpuInfo Linux's file
     * @param environment the environment, where Windows has it at the end of {@code PROCESSOR_IDENTIFIER}
     */
    static String of(Path cpuInfo, Map<String, String> environment) {
        try (Stream<String> lines = Files.lines(cpuInfo)) {
            return lines.filter(line -> line.startsWith(LINE))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElse("");
        } catch (IOException e) {
            String identifier = environment.getOrDefault("PROCESSOR_IDENTIFIER", "");
            return identifier.substring(identifier.lastIndexOf(' ') + 1);
        }
    }
}
