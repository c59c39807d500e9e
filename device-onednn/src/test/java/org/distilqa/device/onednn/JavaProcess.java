package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process of its own, for what is decided once in a process. */
final class JavaProcess {
    private static final long MOST_SECONDS = 150;

    private JavaProcess() {}

    /** What is on the class path of this process. */
    static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")));
    }

    /** Runs a class's {@code main} to its end, which must be a good one, and gives what it printed. */
    static String run(
            Map<String, String> environment,
            List<String> flags,
            List<String> classPath,
            Class<?> main,
            String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(System.getProperty("path.separator"), classPath),
                main.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("distilqa-onednn-test", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            String text = Files.readString(output);
            assertThat(ended).as("ends within %d s: %s", MOST_SECONDS, text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
