package org.distilqa.benchmarks.service;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * A device that is given whatever waits, all windows of a book among it, and reads it in the order in which it came, in batches of
 * the size that it likes; what comes meanwhile waits for the end of that. So the library treated its callers when its queue knew
 * no turns: here to compare with.
 *
 * @param other what does the work
 */
record FirstComeDevice(Device other) implements Device {
    /** As many as a queue ever holds here. */
    private static final int ALL = 1 << 20;

    @Override
    public DeviceInfo info() {
        DeviceInfo info = other.info();
        return new DeviceInfo(info.name(), info.description(), ALL, info.facts());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        return new FirstComeProgram(
                other.compile(graph, parameters), other.info().batchSize());
    }

    @Override
    public void close() {
        other.close();
    }

    private record FirstComeProgram(Program other, int batchSize) implements Program {
        @Override
        public Logits run(TokenBatch batch) {
            List<float[]> start = new ArrayList<>();
            List<float[]> end = new ArrayList<>();
            for (int first = 0; first < batch.size(); first += batchSize) {
                Logits logits = other.run(part(batch, first, Math.min(first + batchSize, batch.size())));
                for (int i = 0; i < logits.size(); i++) {
                    start.add(logits.start(i));
                    end.add(logits.end(i));
                }
            }
            return new Logits(start.toArray(float[][]::new), end.toArray(float[][]::new));
        }

        private static TokenBatch part(TokenBatch batch, int from, int to) {
            return TokenBatch.of(
                    IntStream.range(from, to)
                            .mapToObj(sequence -> {
                                int[] ids = new int[batch.length(sequence)];
                                batch.copy(sequence, ids, 0);
                                return ids;
                            })
                            .toList(),
                    IntStream.range(from, to).map(batch::secondSegment).toArray());
        }

        @Override
        public void close() {
            other.close();
        }
    }
}
