package org.distilqa.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Path;
import java.util.Random;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares a full-size network with ONNX Runtime. Runs where the system property {@code distilqa.full-size} names a
 * checkpoint; CONTRIBUTING.md says how to make one.
 */
@EnabledIfSystemProperty(
        named = "distilqa.full-size",
        matches = ".+",
        disabledReason = "it names no full-size checkpoint; see CONTRIBUTING.md")
class FullSizeAgreementTest {
    /** Two float32 runtimes add up in other orders; the logits of this checkpoint lie within -10 and 10. */
    private static final float TOLERANCE = 1e-3f;

    @Test
    void agreesWithOnnxRuntimeOnSequencesOfUnequalLengths(@TempDir Path directory) {
        Checkpoint checkpoint = Checkpoint.open(Path.of(System.getProperty("distilqa.full-size")));
        OnnxNetwork.write(checkpoint, OnnxNetwork.Kind.PLAIN, directory.resolve("plain.onnx"));
        Random random = new Random(1);
        try (Device ours = Devices.open("cpu", DeviceOptions.none());
                Program actual = ours.compile(checkpoint.graph(), checkpoint.parameters());
                Device theirs = OnnxRuntimeDevice.open(DeviceOptions.none().with("graph", "plain"), directory);
                Program expected = theirs.compile(checkpoint.graph(), checkpoint.parameters())) {
            int[] lengths = {384, 1, 31, 128, 512, 200};
            int[][] ids = new int[lengths.length][];
            for (int i = 0; i < lengths.length; i++) {
                ids[i] = random.ints(lengths[i], 0, checkpoint.config().vocabSize())
                        .toArray();
            }
            Logits logits = actual.run(TokenBatch.of(ids));
            for (int i = 0; i < ids.length; i++) {
                // One by one, so that padding and masks cannot hide a difference.
                Logits alone = expected.run(TokenBatch.of(ids[i]));
                assertThat(logits.start(i)).containsExactly(alone.start(0), offset(TOLERANCE));
                assertThat(logits.end(i)).containsExactly(alone.end(0), offset(TOLERANCE));
            }
        }
    }
}
