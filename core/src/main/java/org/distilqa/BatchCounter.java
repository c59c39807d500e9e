package org.distilqa;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts the runs of the network and their time. */
final class BatchCounter implements QuestionAnswererListener {
    private final LongAdder batches = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    @Override
    public void batchRead(Batch batch) {
        batches.increment();
        nanos.add(batch.ran().toNanos());
    }

    long batches() {
        return batches.sum();
    }

    Duration ran() {
        return Duration.ofNanos(nanos.sum());
    }
}
