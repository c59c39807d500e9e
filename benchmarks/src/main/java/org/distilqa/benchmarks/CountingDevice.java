package org.distilqa.benchmarks;

import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** A device that numbers its runs from 1 and knows which was the last with a question of many tokens. For one program. */
final class CountingDevice implements Device {
    /** More than the question about the book has. */
    private static final int MANY_TOKENS = 16;

    private final Device other;
    private volatile long ended;
    private volatile long lastWithLongQuestion;

    CountingDevice(Device other) {
        this.other = other;
    }

    /** How many runs have ended. */
    long ended() {
        return ended;
    }

    /** The number of the last run that began with a question of many tokens in it. */
    long lastWithLongQuestion() {
        return lastWithLongQuestion;
    }

    @Override
    public DeviceInfo info() {
        return other.info();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        Program program = other.compile(graph, parameters);
        return new Program() {
            @Override
            public Logits run(TokenBatch batch) {
                long number = ended + 1;
                if (IntStream.range(0, batch.size()).anyMatch(i -> batch.secondSegment(i) > MANY_TOKENS)) {
                    lastWithLongQuestion = number;
                }
                try {
                    return program.run(batch);
                } finally {
                    ended = number;
                }
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    @Override
    public void close() {
        other.close();
    }
}
