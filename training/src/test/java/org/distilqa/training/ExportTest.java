package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

    /** A shorter sequence stands in the batch, so that padding is looked at too. */
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
        float[] trained;
        try (NDManager manager = NDManager.newBaseManager()) {
            Network network = new Network(SMALL, manager, Initialization.of(directory, SMALL));
            NDArray logits = network.logits(Batch.of(manager, examples, SMALL.positions(), null));
            trained = logits.toFloatArray();
            State.save(directory.resolve("state.bin"), 1, List.of(network.parameters()));
        }
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
                for (int t = 0; t < ids.length; t++) {
                    // float16 keeps eleven bits of each weight.
                    assertThat(logits.start(0)[t]).isCloseTo(trained[i * 9 + t], within(0.02f));
                    assertThat(logits.end(0)[t]).isCloseTo(trained[(2 + i) * 9 + t], within(0.02f));
                }
            }
        }
    }
}
