package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;

class PipelineAnswererTest {

    /** The pipeline's rule is that of the golden file, where a context of many windows was decoded by it. */
    @Test
    void decodesAsThePipelineDoes() throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(SharedFiles.goldenCheckpoint().resolve("answers.json").toFile());
        int compared = 0;
        try (Checkpoint checkpoint = Checkpoint.open(SharedFiles.goldenCheckpoint());
                Device device = Devices.open("cpu", DeviceOptions.none());
                PipelineAnswerer pipeline = PipelineAnswerer.open(checkpoint, device)) {
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
}
