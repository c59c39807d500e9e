package org.distilqa.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.distilqa.QuestionAnsweringException;

/**
 * A request's place in the {@link Scheduler}. It may go through the devices several times: each time with all the sequences that it
 * wants read, and it is told when all of them are. The fields are the scheduler's, under its lock.
 */
public abstract class Ticket {
    /** How many windows it is counted as until they are known; 0 from then on. */
    int reserved;

    /** Those that no device has taken yet. */
    final ArrayDeque<Sequence> waiting = new ArrayDeque<>();

    /** How many are on a device. */
    int running;

    /** The tokens that it may still take in this turn, see {@link Rotation}. */
    long credit;

    /** Whether it is at its end, whatever that was. */
    boolean withdrawn;

    private boolean waits;

    /** Meaningful while it waits. */
    private long waitingSince;

    private volatile long nanosWaited;

    /** For requests. */
    protected Ticket() {}

    /**
     * What is to be read now.
     *
     * @return the sequences, at least one
     */
    protected abstract List<Sequence> toRead();

    /**
     * Says that all of {@link #toRead} was read. Called by a device's thread, which it must not keep, or by the one that closes the
     * scheduler.
     */
    protected abstract void read();

    /**
     * Says that it cannot be read. Called by a device's thread, which it must not keep, or by the one that closes the scheduler.
     *
     * @param failure why not; of this request alone
     */
    protected abstract void failed(QuestionAnsweringException failure);

    /**
     * How long it has waited for room and for devices.
     *
     * @return the time, added up, until there was room, and from when its sequences came to wait until a device took the first of
     *     them; it counts when that has ended
     */
    public final Duration waited() {
        return Duration.ofNanos(nanosWaited);
    }

    final void waitsFor(Sequence sequence) {
        sequence.belongsTo(this);
        waiting.addLast(sequence);
    }

    final void waitsFrom(long now) {
        waitingSince = now;
        waits = true;
    }

    final void waitsNoMore(long now) {
        if (waits) {
            nanosWaited += now - waitingSince;
            waits = false;
        }
    }

    /** Counts a sequence that a device takes. */
    final void taken(long now) {
        waitsNoMore(now);
        running++;
    }
}
