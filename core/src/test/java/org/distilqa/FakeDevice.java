package org.distilqa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** A device for tests: a token's logits depend on its id and its place alone. Records its batches; fails on demand. */
class FakeDevice implements Device, Program {
    final List<Integer> batchSizes = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger closings = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger mostRunning = new AtomicInteger();
    volatile RuntimeException failure;

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("fake", "a device for tests", 4, Map.of());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        return this;
    }

    @Override
    public Logits run(TokenBatch batch) {
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            batchSizes.add(batch.size());
            if (failure != null) {
                throw failure;
            }
            float[][] start = new float[batch.size()][];
            float[][] end = new float[batch.size()][];
            for (int sequence = 0; sequence < batch.size(); sequence++) {
                start[sequence] = new float[batch.length(sequence)];
                end[sequence] = new float[batch.length(sequence)];
                for (int position = 0; position < batch.length(sequence); position++) {
                    int id = batch.token(sequence, position);
                    start[sequence][position] = (float) Math.sin(id * 12.9 + position * 0.7) * 5;
                    end[sequence][position] = (float) Math.cos(id * 7.3 - position * 0.3) * 5;
                }
            }
            return new Logits(start, end);
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}
