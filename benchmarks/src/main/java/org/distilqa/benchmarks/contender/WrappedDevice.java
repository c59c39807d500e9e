package org.distilqa.benchmarks.contender;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * Another device whose programs are run in another way: watched, or in other batches.
 *
 * @param other the device that does the work
 * @param batchSize how many sequences a run should have at most
 * @param run how a batch is run
 */
public record WrappedDevice(Device other, int batchSize, Run run) implements Device {

    /** How a batch is run on the other device's program. */
    @FunctionalInterface
    public interface Run {
        /** The logits of the batch. */
        Logits run(Program program, TokenBatch batch);
    }

    @Override
    public DeviceInfo info() {
        DeviceInfo info = other.info();
        return new DeviceInfo(info.name(), info.description(), batchSize, info.facts());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        return new WrappedProgram(other.compile(graph, parameters), run);
    }

    @Override
    public void close() {
        other.close();
    }

    private record WrappedProgram(Program other, Run run) implements Program {
        @Override
        public Logits run(TokenBatch batch) {
            return run.run(other, batch);
        }

        @Override
        public void close() {
            other.close();
        }
    }

    /** The token ids of a sequence of a batch. */
    public static int[] ids(TokenBatch batch, int sequence) {
        int[] ids = new int[batch.length(sequence)];
        batch.copy(sequence, ids, 0);
        return ids;
    }

    /** Some sequences of a batch as one of their own. */
    public static TokenBatch part(TokenBatch batch, IntStream sequences) {
        int[] chosen = sequences.toArray();
        return TokenBatch.of(
                Arrays.stream(chosen).mapToObj(sequence -> ids(batch, sequence)).toList(),
                Arrays.stream(chosen).map(batch::secondSegment).toArray());
    }
}
