package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
    private static final Dimensions SMALL = new Dimensions(60, 64, 2, 4, 256, 96);

    @TempDir
    private Path directory;

    @Test
    void theSdkComputesWhatWasTrained() throws IOException {
        List<String> vocabulary = new ArrayList<>(WordPieces.SPECIAL);
        for (int i = vocabulary.size(); i < SMALL.vocabulary(); i++) {
            vocabulary.add("word" + (char) ('a' + i % 26) + i);
        }
        Files.createDirectories(directory.resolve("checkpoint"));
        Files.write(directory.resolve("checkpoint/vocab.txt"), vocabulary);
        Files.writeString(directory.resolve("checkpoint/tokenizer_config.json"), "{}");
        List<Encoded> examples = List.of(
                new Encoded(new short[] {2, 7, 8, 3, 9, 8, 11, 12, 3}, 4, 5, 6),
                new Encoded(new short[] {2, 20, 3, 21, 20, 3}, 3, 3, 3));
        Files.writeString(directory.resolve(Initialization.FORMS), "wordc54\twordd55\n");
        Files.writeString(directory.resolve(Initialization.VECTORS), "");
        Parameters parameters = new Parameters(Initialization.of(directory, SMALL));
        float[][][] trained = new Pass(SMALL, parameters).logits(examples);
        State.save(directory.resolve("state.bin"), 1, List.of(parameters.values()));
        new Export(directory, SMALL).run(directory.resolve("model"));

        Checkpoint checkpoint = Checkpoint.open(directory.resolve("model"));
        try (Device device = Devices.open("cpu", DeviceOptions.none());
                Program program = device.compile(checkpoint.graph(), checkpoint.parameters())) {
            for (int i = 0; i < examples.size(); i++) {
                int[] ids = new int[examples.get(i).length()];
                for (int t = 0; t < ids.length; t++) {
                    ids[t] = examples.get(i).ids()[t];
                }
                Logits logits = program.run(TokenBatch.of(ids));
                int context = examples.get(i).context();
                for (int t = context; t < ids.length - 1; t++) {
                    // float16 keeps eleven bits of each weight.
                    assertThat(logits.start(0)[t]).isCloseTo(trained[i][0][t - context], within(0.02f));
                    assertThat(logits.end(0)[t]).isCloseTo(trained[i][1][t - context], within(0.02f));
                }
            }
        }
    }
}
