package org.distilqa.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import org.distilqa.ClosedException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.worker.Reply.LogitValues;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The peer computes what our own device computes, or comparing their speed means nothing. */
class OnnxRuntimeDeviceTest {
    /** Two float32 runtimes add up in other orders; a small network's logits lie within -10 and 10. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path directory;

    private static Checkpoint checkpoint;

    @BeforeAll
    static void writeNetworks() {
        checkpoint = Checkpoint.open(SharedFiles.goldenCheckpoint());
        for (OnnxNetwork.Kind kind : OnnxNetwork.Kind.values()) {
            OnnxNetwork.write(checkpoint, kind, directory.resolve(kind.file()));
        }
    }

    @AfterAll
    static void close() {
        checkpoint.close();
    }

    private static Device open(String graph) {
        return OnnxRuntimeDevice.open(DeviceOptions.none().with("graph", graph), directory);
    }

    private static TokenBatch unequal() {
        Random random = new Random(2);
        int[] lengths = {7, 31, 1, 16};
        int[][] ids = new int[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            ids[i] = random.ints(lengths[i], 0, checkpoint.config().vocabSize()).toArray();
        }
        return TokenBatch.of(ids);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "fused"})
    void agreesWithOurDeviceOnSequencesOfUnequalLengths(String graph) {
        try (Device ours = Devices.open("cpu", DeviceOptions.none());
                Program expected = ours.compile(checkpoint.graph(), checkpoint.parameters());
                Device theirs = open(graph);
                Program actual = theirs.compile(checkpoint.graph(), checkpoint.parameters())) {
            // A smaller batch after a larger one: the buffers are kept.
            for (TokenBatch batch :
                    new TokenBatch[] {unequal(), TokenBatch.of(new int[] {101, 2054, 102}), unequal()}) {
                LogitsAgreement.requireClose(actual.run(batch), expected.run(batch), TOLERANCE);
            }
        }
    }

    @Test
    void int8IsNearButNotTheSame() {
        try (Device exact = open("fused");
                Program expected = exact.compile(checkpoint.graph(), checkpoint.parameters());
                Device int8 = open("int8");
                Program actual = int8.compile(checkpoint.graph(), checkpoint.parameters())) {
            assertThat(LogitValues.of(actual.run(unequal())).largestDifference(LogitValues.of(expected.run(unequal()))))
                    .isBetween(TOLERANCE, 1.0);
        }
    }

    @Test
    void saysHowItIsSet() {
        try (Device device = OnnxRuntimeDevice.open(
                DeviceOptions.none().with("graph", "plain").with("threads", "1"), directory)) {
            assertThat(device.info().facts())
                    .containsEntry("graph", "plain")
                    .containsEntry("intraOpThreads", "1")
                    .containsEntry("interOpThreads", "1")
                    .containsEntry("optimizationLevel", "ALL_OPT");
        }
    }

    @Test
    void refusesWhatTheNetworkCannotTake() {
        try (Device device = open("fused");
                Program program = device.compile(checkpoint.graph(), checkpoint.parameters())) {
            assertThatThrownBy(() -> program.run(TokenBatch.of(new int[] {-1})))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> program.run(TokenBatch.of(new int[513])))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void cannotBeUsedWhenClosed() {
        Device device = open("fused");
        Program program = device.compile(checkpoint.graph(), checkpoint.parameters());
        device.close();
        device.close();
        program.close();
        assertThatThrownBy(() -> program.run(unequal())).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> device.compile(checkpoint.graph(), checkpoint.parameters()))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void saysWhichFileItMissesAndWhichOptionIsWrong(@TempDir Path empty) {
        assertThatThrownBy(() -> OnnxRuntimeDevice.open(DeviceOptions.none(), empty))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(empty.resolve("fused.onnx") + ": there is no such file");
        assertThatThrownBy(() -> open("float64"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("graph is \"float64\"");
    }
}
