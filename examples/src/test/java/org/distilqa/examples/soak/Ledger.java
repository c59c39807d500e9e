package org.distilqa.examples.soak;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.DeviceInfo;

/** What became of the requests to one answerer: as the callers saw it, and as the listener was told. */
final class Ledger implements QuestionAnswererListener {
    /** More are not needed to find out what is wrong. */
    private static final int MOST_FAULTS = 20;

    private final LongAdder asked = new LongAdder();
    private final LongAdder unread = new LongAdder();
    private final Map<End, LongAdder> seen = new EnumMap<>(End.class);
    private final AtomicLongArray told = new AtomicLongArray(End.values().length);
    private final AtomicLong lostAt = new AtomicLong();
    private final LongAdder devicesLost = new LongAdder();
    private final LongAdder mixed = new LongAdder();
    private final AtomicLong faultCount = new AtomicLong();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    Ledger() {
        for (End end : End.values()) {
            seen.put(end, new LongAdder());
        }
    }

    void asked(int requests) {
        asked.add(requests);
    }

    /** The outcomes of so many requests will not be looked at, whatever they are. */
    void leftUnread(int requests) {
        unread.add(requests);
    }

    void saw(End end) {
        seen.get(end).increment();
    }

    void saw(Throwable failure) {
        End end = end(failure);
        saw(end);
        if (end == End.FAILED) {
            fault("failed: " + failure);
        }
    }

    private static End end(Throwable failure) {
        if (failure instanceof InvalidRequestException) {
            return End.INVALID;
        } else if (failure instanceof OverloadedException) {
            return End.REJECTED;
        } else if (failure instanceof DeadlineExceededException) {
            return End.EXPIRED;
        } else if (failure instanceof OperationInterruptedException || failure instanceof CancellationException) {
            return End.CANCELLED;
        }
        return failure instanceof ClosedException ? End.CLOSED : End.FAILED;
    }

    /** An answer that is neither device's own: some of its windows may have been read by one, the others by the other. */
    void sawOther(long begin, String what) {
        long lost = lostAt.get();
        if (lost != 0 && begin < lost) {
            mixed.increment();
        } else {
            fault("another answer than a quiet run's: " + what);
        }
    }

    void fault(String what) {
        if (faultCount.incrementAndGet() <= MOST_FAULTS) {
            faults.add(what);
        }
    }

    @Override
    public void requestEnded(Request request) {
        told.incrementAndGet(request.end().ordinal());
    }

    /** Told before another device takes what this one had. */
    @Override
    public void batchRead(Batch batch) {
        if (batch.failure().isPresent()) {
            lostAt.set(System.nanoTime());
        }
    }

    @Override
    public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
        devicesLost.increment();
    }

    /** When a device was lost, in nanoseconds; 0 if none was. */
    long lostAt() {
        return lostAt.get();
    }

    long devicesLost() {
        return devicesLost.sum();
    }

    long asked() {
        return asked.sum();
    }

    long seen(End end) {
        return seen.get(end).sum();
    }

    private long told(End end) {
        return told.get(end.ordinal());
    }

    /** Checks, once nobody asks any more, that each request had one end. Gives what is wrong. */
    List<String> faults() {
        long sum = unread.sum();
        long sumTold = 0;
        long notSeen = 0;
        for (End end : End.values()) {
            sum += seen(end);
            sumTold += told(end);
            long difference = told(end) - seen(end);
            if (end != End.CANCELLED) {
                notSeen += difference;
                if (difference < 0) {
                    fault(end + ": callers saw " + seen(end) + ", the listener was told of " + told(end));
                }
            }
        }
        if (sum != asked() || sumTold != asked()) {
            fault(asked() + " requests had " + sum + " ends, of which the listener was told " + sumTold);
        }
        // Whoever cancels what has just ended otherwise sees the one, and the listener was told the other.
        if (notSeen > unread.sum() + seen(End.CANCELLED)) {
            fault("the listener was told of " + notSeen + " ends that nobody saw");
        }
        return List.copyOf(faults);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(asked() + " asked:");
        for (End end : End.values()) {
            text.append(' ').append(seen(end)).append(' ').append(end.name().toLowerCase(Locale.ROOT));
        }
        return text + " " + unread.sum() + " unread, " + mixed.sum() + " of two devices; " + devicesLost()
                + " devices lost";
    }
}
