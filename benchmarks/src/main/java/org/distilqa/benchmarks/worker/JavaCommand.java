package org.distilqa.benchmarks.worker;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a contender's JVM is started: all of them alike. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * What starts a class in a JVM like this one. The class path goes into the environment: ONNX Runtime 1.29 searches the command
     * line by a recursive regular expression when it starts, and where that has some thousand characters the process dies of a full
     * stack.
     */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return process;
    }

    /** The options of every contender's JVM: those that {@code ./distilqa} gives. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseG1GC"));
        if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
            options.addAll(List.of(
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-XX:CompileCommand=quiet",
                    "-XX:CompileCommand=CompileThresholdScaling,org.distilqa.device.cpu.kernels.VectorKernels::multiply*,0.05",
                    "-XX:CompileCommand=BackgroundCompilation,org.distilqa.device.cpu.kernels.VectorKernels::*,false"));
        }
        if (offersHugePages()) {
            options.add("-XX:+UseTransparentHugePages");
        }
        options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        return options;
    }

    private static boolean offersHugePages() {
        Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        try {
            String chosen = Files.isReadable(setting) ? Files.readString(setting) : "";
            return chosen.contains("[madvise]") || chosen.contains("[always]");
        } catch (IOException e) {
            return false;
        }
    }
}
