package org.distilqa.benchmarks.service;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.WrappedDevice;
import org.distilqa.device.Device;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;

/**
 * A device that is given whatever waits, all windows of a book among it, and reads it in the order in which it came, in batches of
 * the size that it likes; what comes meanwhile waits for the end of that. So the library treated its callers when its queue knew
 * no turns: here to compare with.
 */
final class FirstComeDevice {
    /** As many as a queue ever holds here. */
    private static final int ALL = 1 << 20;

    private FirstComeDevice() {}

    /** Such a device, of which {@code other} does the work. */
    static Device of(Device other) {
        int batchSize = other.info().batchSize();
        return new WrappedDevice(other, ALL, (program, batch) -> run(program, batch, batchSize));
    }

    private static Logits run(Program program, TokenBatch batch, int batchSize) {
        List<float[]> start = new ArrayList<>();
        List<float[]> end = new ArrayList<>();
        for (int first = 0; first < batch.size(); first += batchSize) {
            int last = Math.min(first + batchSize, batch.size());
            Logits logits = program.run(WrappedDevice.part(batch, IntStream.range(first, last)));
            for (int i = 0; i < logits.size(); i++) {
                start.add(logits.start(i));
                end.add(logits.end(i));
            }
        }
        return new Logits(start.toArray(float[][]::new), end.toArray(float[][]::new));
    }
}
