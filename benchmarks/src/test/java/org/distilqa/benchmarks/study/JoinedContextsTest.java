package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.distilqa.benchmarks.SharedFiles;
import org.distilqa.device.DeviceOptions;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.junit.jupiter.api.Test;

class JoinedContextsTest {

    /** What a run of the program gave. */
    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = JoinedContexts.run(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void comparesTheWaysOnContextsOfEverySort() {
        String model = SharedFiles.goldenCheckpoint().toString();
        String data = SharedFiles.xquad().toString();
        String[] arguments = {
            "--model", model, "--data", data, "--paragraphs", "1,4", "--cases", "4", "--draws", "2", "--device", "cpu"
        };
        Outcome outcome = run(arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines().filter(line -> line.startsWith("| random | 4 | 8 |")))
                .hasSize(1);
        assertThat(outcome.out().lines().filter(line -> line.startsWith("| neighbours | 1 | 8 |")))
                .hasSize(1);
        assertThat(run(arguments).out()).isEqualTo(outcome.out());
    }

    /** The pipeline's rule is that of the golden file, where a context of many windows was decoded by it. */
    @Test
    void decodesAsThePipelineDoes() throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(SharedFiles.goldenCheckpoint().resolve("answers.json").toFile());
        Checkpoint checkpoint =
                Checkpoint.load(SharedFiles.goldenCheckpoint().toString(), "main", HubOptions::fromEnvironment);
        int compared = 0;
        try (PipelineAnswerer pipeline = PipelineAnswerer.open(checkpoint, "cpu", DeviceOptions.none())) {
            for (JsonNode example : golden.path("cases")) {
                if (example.path("options").isEmpty()
                        || example.path("name").asText().equals("many windows")) {
                    compared++;
                    assertThat(pipeline.answer(
                                    example.path("question").asText(),
                                    example.path("context").asText()))
                            .isEqualTo(example.at("/answers/0/text").asText());
                }
            }
        }
        assertThat(compared).isGreaterThan(2);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(run("--data", "x").err()).contains("--model").hasLineCount(1);
        String model = SharedFiles.goldenCheckpoint().toString();
        assertThat(run("--model", model, "--data", "absent.json"))
                .matches(outcome -> outcome.status() == 1 && outcome.err().contains("absent.json"));
        assertThat(run("--model", model, "--data", "x", "--cases", "0").err()).contains("must be at least 1");
        assertThat(run("--model", model, "--data", "x", "--others", "some").err())
                .contains("some")
                .hasLineCount(1);
    }
}
