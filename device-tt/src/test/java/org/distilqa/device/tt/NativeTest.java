package org.distilqa.device.tt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the emulator's own tests, in C++. */
@Timeout(400)
class NativeTest {
    @TempDir
    private Path directory;

    @Test
    void theEmulatorPassesItsOwnTests() throws IOException, InterruptedException {
        Emulator.require();
        Path sources = Path.of(System.getProperty("distilqa.tt.native", "src"));
        Path tests = sources.resolve("test/native");
        Path natives = sources.resolve("main/native");
        String include = "-I" + natives.resolve("include");
        run(
                "cc",
                List.of(
                        "-std=c11",
                        include,
                        "-c",
                        tests.resolve("header_test.c").toString(),
                        "-o",
                        "header_test.o"));
        List<String> arguments = new ArrayList<>(List.of("-std=c++17", "-O1", "-pthread"));
        arguments.addAll(sources(tests, ".cpp"));
        for (String folder : List.of("front", "emulator")) {
            arguments.add("-I" + natives.resolve(folder));
            arguments.addAll(sources(natives.resolve(folder), ".cpp"));
        }
        arguments.add(include);
        // What of the TT-NN library needs no TT-NN.
        for (String file : List.of("exception.cpp", "machine.cpp")) {
            arguments.add(natives.resolve("ttnn").resolve(file).toString());
        }
        arguments.addAll(List.of("header_test.o", "-o", "emulator_test"));
        run("c++", arguments);
        assertThat(run(directory.resolve("emulator_test").toString(), List.of()))
                .containsPattern("\\b[1-9]\\d* passed, 0 failed");
    }

    private static List<String> sources(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private String run(String command, List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command));
        if (command.length() <= 3) {
            line.addAll(List.of("-Wall", "-Wextra", "-Wpedantic", "-Werror"));
        }
        line.addAll(arguments);
        Process process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
