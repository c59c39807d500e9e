package org.distilqa.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.contender.WrappedDevice;
import org.distilqa.benchmarks.worker.Reply.LogitValues;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The devices that a service is watched with, on the golden checkpoint. */
class ServiceDevicesTest {
    /** Two batches add up in other orders; the golden checkpoint's logits lie within -10 and 10. */
    private static final double TOLERANCE = 1e-4;

    private static final int[] BOOK = {101, 7, 102, 9, 102};
    private static final int[] LONE = {101, 8, 102, 9, 9, 102};

    private Checkpoint checkpoint;
    private Device cpu;

    @BeforeEach
    void open() {
        checkpoint = Checkpoint.open(SharedFiles.goldenCheckpoint());
        cpu = Devices.open("cpu", DeviceOptions.none());
    }

    @AfterEach
    void close() {
        if (checkpoint != null) {
            cpu.close();
            checkpoint.close();
        }
    }

    private Program compile(Device device) {
        return device.compile(checkpoint.graph(), checkpoint.parameters());
    }

    @Test
    void countsRunsAndKnowsTheLastWithTheQuestionThatIsWatched() {
        RunCounter counter = new RunCounter();
        Device device = counter.count(cpu);
        assertThat(device.info().batchSize()).isEqualTo(cpu.info().batchSize());
        Program program = compile(device);
        program.run(TokenBatch.of(BOOK));
        program.run(TokenBatch.of(LONE));
        counter.watch();
        assertThat(counter.lastWithWatched()).isZero();
        program.run(TokenBatch.of(BOOK, LONE));
        program.run(TokenBatch.of(BOOK));
        assertThat(counter.ended()).isEqualTo(4);
        assertThat(counter.lastWithWatched()).isEqualTo(3);
    }

    @Test
    void takesAllThatWaitsAndReadsItInTheOrderInWhichItCame() {
        List<Integer> sizes = new ArrayList<>();
        Device small = new WrappedDevice(cpu, 2, (program, batch) -> {
            sizes.add(batch.size());
            return program.run(batch);
        });
        Device firstCome = FirstComeDevice.of(small);
        assertThat(firstCome.info().batchSize()).isGreaterThan(1000);
        TokenBatch batch = TokenBatch.of(BOOK, LONE, BOOK, LONE, LONE);
        LogitValues actual = LogitValues.of(compile(firstCome).run(batch));
        assertThat(sizes).containsExactly(2, 2, 1);
        assertThat(actual.largestDifference(LogitValues.of(compile(cpu).run(batch))))
                .isLessThan(TOLERANCE);
    }
}
