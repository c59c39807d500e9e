package org.distilqa.benchmarks.service;

import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.WrappedDevice;
import org.distilqa.device.Device;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;

/** Numbers the runs of a device from 1 and knows which was the last with a certain question. For one program. */
final class RunCounter {
    /** Where a question's first token is, after [CLS]: by it a question is known. */
    private static final int FIRST_OF_QUESTION = 1;

    private volatile long ended;
    private volatile int firstToken = -1;
    private volatile int watched = -1;
    private volatile long lastWithWatched;

    /** The device whose runs are counted, of which {@code other} does the work. */
    Device count(Device other) {
        return new WrappedDevice(other, other.info().batchSize(), this::run);
    }

    /** How many runs have ended. */
    long ended() {
        return ended;
    }

    /** Watches from now on for questions that begin as the last one did. */
    void watch() {
        watched = firstToken;
    }

    /** The number of the last run that began with a watched question in it. */
    long lastWithWatched() {
        return lastWithWatched;
    }

    private Logits run(Program program, TokenBatch batch) {
        long number = ended + 1;
        firstToken = batch.token(0, FIRST_OF_QUESTION);
        if (IntStream.range(0, batch.size()).anyMatch(i -> batch.token(i, FIRST_OF_QUESTION) == watched)) {
            lastWithWatched = number;
        }
        try {
            return program.run(batch);
        } finally {
            ended = number;
        }
    }
}
