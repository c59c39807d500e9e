package org.distilqa.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.distilqa.QuestionAnswererListener;

/**
 * What a listener is told of a batch.
 */
record BatchEvent(
        String device,
        int windows,
        long tokens,
        int longest,
        Duration ran,
        int pendingWindows,
        Optional<Throwable> failure)
        implements QuestionAnswererListener.Batch {

    static BatchEvent of(
            String device, List<Sequence> batch, Duration ran, int pendingWindows, Optional<Throwable> failure) {
        return new BatchEvent(
                device,
                batch.size(),
                batch.stream().mapToLong(Sequence::length).sum(),
                batch.stream().mapToInt(Sequence::length).max().orElse(0),
                ran,
                pendingWindows,
                failure);
    }
}
