package org.distilqa.schedule;

import java.time.Duration;
import org.distilqa.WhenFull;

/**
 * How much may wait for the devices, and for how long.
 *
 * @param maxPendingWindows a request is admitted if fewer windows wait than this
 * @param whenFull what happens to the others
 * @param maxBatchDelayNanos how long a batch that is not full waits for company
 */
public record QueueLimits(int maxPendingWindows, WhenFull whenFull, long maxBatchDelayNanos) {
    /** 16,384 windows hold some eleven books, in 40 MB. */
    public static final QueueLimits DEFAULT = new QueueLimits(16_384, WhenFull.WAIT, 0);

    /**
     * These with another bound.
     *
     * @param windows at least 1
     * @return new limits
     */
    public QueueLimits withMaxPendingWindows(int windows) {
        return new QueueLimits(windows, whenFull, maxBatchDelayNanos);
    }

    /**
     * These with another policy.
     *
     * @param policy what happens to a request that finds no room
     * @return new limits
     */
    public QueueLimits withWhenFull(WhenFull policy) {
        return new QueueLimits(maxPendingWindows, policy, maxBatchDelayNanos);
    }

    /**
     * These with another delay.
     *
     * @param delay not negative
     * @return new limits
     */
    public QueueLimits withMaxBatchDelay(Duration delay) {
        return new QueueLimits(maxPendingWindows, whenFull, delay.toNanos());
    }
}
