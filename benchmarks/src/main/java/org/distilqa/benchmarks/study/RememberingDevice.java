package org.distilqa.benchmarks.study;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.WrappedDevice;
import org.distilqa.device.Device;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;

/**
 * A device that runs a sequence once, whoever asks for it: ways of decoding that read the same windows are compared with one
 * reading. For one network.
 */
final class RememberingDevice {
    /** What was said of a sequence: the start and the end logits by its {@link #key}. */
    private final Map<IntBuffer, float[][]> memory = new HashMap<>();

    private RememberingDevice() {}

    /** Such a device, of which {@code other} does the work. */
    static Device of(Device other) {
        return new WrappedDevice(other, other.info().batchSize(), new RememberingDevice()::run);
    }

    private synchronized Logits run(Program program, TokenBatch batch) {
        int[] unknown = IntStream.range(0, batch.size())
                .filter(i -> !memory.containsKey(key(batch, i)))
                .toArray();
        if (unknown.length > 0) {
            Logits logits = program.run(WrappedDevice.part(batch, Arrays.stream(unknown)));
            for (int i = 0; i < unknown.length; i++) {
                memory.put(key(batch, unknown[i]), new float[][] {logits.start(i), logits.end(i)});
            }
        }
        return new Logits(remembered(batch, 0), remembered(batch, 1));
    }

    private float[][] remembered(TokenBatch batch, int end) {
        return IntStream.range(0, batch.size())
                .mapToObj(i -> memory.get(key(batch, i))[end])
                .toArray(float[][]::new);
    }

    /** The token ids, and where the second segment begins. Buffers are equal if their contents are. */
    private static IntBuffer key(TokenBatch batch, int sequence) {
        int[] key = Arrays.copyOf(WrappedDevice.ids(batch, sequence), batch.length(sequence) + 1);
        key[key.length - 1] = batch.secondSegment(sequence);
        return IntBuffer.wrap(key);
    }
}
