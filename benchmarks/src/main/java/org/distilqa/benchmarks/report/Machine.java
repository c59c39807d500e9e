package org.distilqa.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What was measured on.
 *
 * @param processor the processor's model
 * @param processors how many of them the JVM may use
 * @param memoryBytes the machine's memory
 * @param system the operating system
 * @param jdk the JDK
 */
public record Machine(String processor, int processors, long memoryBytes, String system, String jdk) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
    private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*:\\s*(.+)$");

    /** Linux's names of instructions, and everybody's. */
    private static final Map<String, String> INSTRUCTIONS = new TreeMap<>(Map.of(
            "avx2", "AVX2",
            "avx512f", "AVX-512",
            "avx512_vnni", "AVX-512 VNNI",
            "avx512_bf16", "AVX-512 BF16",
            "avx_vnni", "AVX-VNNI",
            "amx_int8", "AMX int8",
            "amx_bf16", "AMX bfloat16"));

    public static Machine current() {
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
                Optional<String> processor = processor(Files.readString(CPUINFO));
                if (processor.isPresent()) {
                    return processor.get();
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

    /** The model of Linux's description of the processors, and which of the instructions that matter here it has. */
    static Optional<String> processor(String cpuinfo) {
        Matcher model = MODEL.matcher(cpuinfo);
        if (!model.find()) {
            return Optional.empty();
        }
        Matcher flags = FLAGS.matcher(cpuinfo);
        Set<String> has = flags.find() ? Set.of(flags.group(1).strip().split("\\s+")) : Set.of();
        String instructions = INSTRUCTIONS.entrySet().stream()
                .filter(entry -> has.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
        String name = model.group(1).strip();
        return Optional.of(instructions.isEmpty() ? name : name + " (" + instructions + ")");
    }

    private static String unnamed() {
        return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
    }

    /** Without what there is no room for in a picture: the instructions, memory and the system. */
    String inShort() {
        int instructions = processor.lastIndexOf(" (");
        return (instructions < 0 ? processor : processor.substring(0, instructions)) + ", " + processors + " cores, "
                + jdk;
    }

    /** One line for a person. */
    String description() {
        return processor + ", " + processors + (processors == 1 ? " core, " : " cores, ")
                + Math.round(memoryBytes / (double) (1 << 30)) + " GB, " + system + ", " + jdk;
    }
}
