package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.distilqa.examples.Emulator;
import org.distilqa.examples.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command line with the device tt, in processes of their own: which library is used is chosen once in a process. */
@Timeout(300)
class WormholeCommandLineTest {

    @Test
    void answersTheDemoOnBothChipsAndPrintsTheCounters() throws Exception {
        Map<String, String> n300 = Map.of("DISTILQA_TT_LIBRARY", emulator(), "DISTILQA_TT_EMULATOR_BOARD", "n300");
        JsonNode result = new ObjectMapper()
                .readTree(succeed(
                        n300,
                        "demo",
                        "--model",
                        SharedFiles.goldenCheckpoint().toString(),
                        "--device",
                        "tt",
                        "--json"));
        assertThat(result.path("device").asText()).isEqualTo("tt");
        assertThat(result.path("answers")).hasSize(20);
        JsonNode facts = result.path("device_facts");
        assertThat(facts.path("board").asText()).isEqualTo("n300");
        assertThat(facts.path("chips").asText()).isEqualTo("2");
        assertThat(facts.path("ops").asLong()).isPositive();
        assertThat(facts.path("host_to_device_bytes").asLong()).isPositive();
    }

    /** Nearest to float32: with random weights many answers are nearly as likely as the best. */
    @Test
    void givesTheAnswersOfTheCpuOnAtLeast97OfAHundredRealQuestions() throws Exception {
        JsonNode result = new ObjectMapper()
                .readTree(succeed(
                        Map.of("DISTILQA_TT_LIBRARY", emulator()),
                        "squad",
                        "--model",
                        SharedFiles.goldenCheckpoint().toString(),
                        "--data",
                        SharedFiles.xquad().toString(),
                        "--device",
                        "tt",
                        "--device-option",
                        "math-fidelity=hifi3",
                        "--device-option",
                        "precision=bfloat16",
                        "--baseline-device",
                        "cpu",
                        "--json"));
        assertThat(result.path("total").asInt()).isEqualTo(1190);
        assertThat(result.path("equal_answers").asDouble()).isGreaterThanOrEqualTo(0.97);
    }

    /** By what the default formats and fidelity are chosen: docs/wormhole.md has the figures of all questions. */
    @Test
    void keepsStartAndEndLogitsOfTheBundledModelAt0999ByDefault() throws Exception {
        JsonNode result = new ObjectMapper()
                .readTree(succeed(
                        Map.of("DISTILQA_TT_LIBRARY", emulator()),
                        "compare",
                        "--model",
                        "bundled",
                        "--data",
                        SharedFiles.xquad().toString(),
                        "--limit",
                        "40",
                        "--device",
                        "cpu",
                        "--device",
                        "tt",
                        "--json"));
        assertThat(result.at("/logits/start/correlation").asDouble()).isBetween(0.999, 1.0);
        assertThat(result.at("/logits/end/correlation").asDouble()).isBetween(0.999, 1.0);
        assertThat(result.path("equal_answers").asDouble()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void takesTheCpuWhereThereIsNoLibraryAndSaysWhy() throws Exception {
        assertThat(succeed(Map.of(), "devices"))
                .contains("tt: not available: there is no native library")
                .containsPattern("auto takes (onednn|cpu)");
        CommandRun outcome = run(
                Map.of(),
                "answer",
                "--model",
                SharedFiles.goldenCheckpoint().toString(),
                "--question",
                "Who?",
                "--context",
                "one two",
                "--device",
                "tt");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("device tt is not available: there is no native library");
    }

    private static String emulator() {
        Optional<Path> library = Emulator.library();
        assumeTrue(library.isPresent(), "the emulator was not built: there is no C++ compiler");
        return library.get().toString();
    }

    private static String succeed(Map<String, String> environment, String... arguments) throws Exception {
        CommandRun outcome = run(environment, arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private static CommandRun run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                DistilQa.class.getName()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("distilqa", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().remove("DISTILQA_TT_LIBRARY");
            builder.environment().putAll(environment);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
            return new CommandRun(process.exitValue(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }
}
