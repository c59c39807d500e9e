package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.contender.WrappedDevice;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;

class RememberingDeviceTest {
    private static final int[] A = {101, 7, 9, 102};
    private static final int[] B = {101, 8, 102};
    private static final int[] C = {101, 9, 9, 9, 102};

    @Test
    void runsEverySequenceOnceAndGivesItsLogitsEveryTime() {
        List<Integer> ran = new ArrayList<>();
        try (Checkpoint checkpoint = Checkpoint.open(SharedFiles.goldenCheckpoint());
                Device real = Devices.open("cpu", DeviceOptions.none());
                Program expected = real.compile(checkpoint.graph(), checkpoint.parameters());
                Device remembering = RememberingDevice.of(new WrappedDevice(real, 8, (program, batch) -> {
                    IntStream.range(0, batch.size()).forEach(i -> ran.add(batch.length(i)));
                    return program.run(batch);
                }));
                Program first = remembering.compile(checkpoint.graph(), checkpoint.parameters());
                Program second = remembering.compile(checkpoint.graph(), checkpoint.parameters())) {
            first.run(TokenBatch.of(A, B));
            Logits logits = second.run(TokenBatch.of(C, B, A));
            assertThat(ran).containsExactly(A.length, B.length, C.length);
            for (int i = 0; i < 3; i++) {
                Logits alone = expected.run(TokenBatch.of(List.of(C, B, A).get(i)));
                // Whatever else is in a batch, the device gives a sequence the same within rounding.
                for (int token = 0; token < alone.start(0).length; token++) {
                    assertThat(logits.start(i)[token]).isCloseTo(alone.start(0)[token], offset(1e-4f));
                    assertThat(logits.end(i)[token]).isCloseTo(alone.end(0)[token], offset(1e-4f));
                }
            }
            // Where the second segment begins is a part of what is asked.
            second.run(TokenBatch.of(List.of(B), new int[] {1}));
            assertThat(ran).hasSize(4);
        }
    }
}
