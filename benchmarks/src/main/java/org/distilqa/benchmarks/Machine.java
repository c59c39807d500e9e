package org.distilqa.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was measured on.
 *
 * @param processor the processor's model
 * @param processors how many of them the JVM may use
 * @param memoryBytes the machine's memory
 * @param system the operating system
 * @param jdk the JDK
 */
record Machine(String processor, int processors, long memoryBytes, String system, String jdk) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");

    static Machine current() {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new Machine(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                memory,
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    }

    private static String processorModel() {
        try {
            if (Files.isReadable(CPUINFO)) {
                Matcher matcher = MODEL.matcher(Files.readString(CPUINFO));
                if (matcher.find()) {
                    return matcher.group(1).strip();
                }
            } else if (System.getProperty("os.name").startsWith("Mac")) {
                Process process = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").start();
                String model = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (process.waitFor(10, TimeUnit.SECONDS) && !model.isEmpty()) {
                    return model;
                }
            }
        } catch (IOException e) {
            return unnamed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return unnamed();
    }

    private static String unnamed() {
        return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
    }

    /** One line for a person. */
    String description() {
        return processor + ", " + processors + (processors == 1 ? " core, " : " cores, ")
                + Math.round(memoryBytes / (double) (1 << 30)) + " GB, " + system + ", " + jdk;
    }
}
