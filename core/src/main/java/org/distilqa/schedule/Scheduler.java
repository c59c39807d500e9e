package org.distilqa.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.distilqa.ClosedException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.WhenFull;
import org.distilqa.device.Availability;
import org.distilqa.device.Logits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between requests and devices. A request is admitted if there is room, gives the sequences that it wants read as often as
 * it likes, is told when they are, and withdraws when it is at its end, whatever that is. Each device has a thread that takes the
 * next batch, of sequences in turn and of like length as {@link Rotation} says, as soon as the device is free.
 *
 * <p>Safe for use by many threads. The lock is held for bookkeeping alone, never while a device works or a request is told
 * something, so a virtual thread that comes here pins nothing.
 */
public final class Scheduler {
    private static final String CLOSED = "this QuestionAnswerer was closed";

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final QueueLimits limits;
    private final QuestionAnswererListener listener;
    private final List<DeviceThread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** There is something to be read, or the end has come. */
    private final Condition work = lock.newCondition();

    /** No request is open. */
    private final Condition idle = lock.newCondition();

    private final Rotation rotation;
    private final Set<Ticket> open = new LinkedHashSet<>();

    /** Those that wait for room, in the order in which they came, each on a condition of its own. */
    private final Map<Ticket, Condition> waitingForRoom = new LinkedHashMap<>();

    /** What a device could not read, for another, which takes it before all else. */
    private final Deque<Sequence> refused = new ArrayDeque<>();

    private int reserved;

    /** When the oldest sequence that waits came, about. */
    private long waitingSince;

    /** The devices of this rank work; those of later ones wait until these are lost. */
    private int rank;

    /** Why no device is left; null as long as one is. */
    private QuestionAnsweringException allLost;

    private final MemoryReserve reserve = new MemoryReserve();

    /** What requests are to be told. A thread that has too little memory for it puts it back, and comes again. */
    private final List<Runnable> untold = new ArrayList<>();

    private boolean closing;
    private boolean stopped;

    /**
     * Starts a thread for each device.
     *
     * @param devices the devices, at least one; they are closed by this
     * @param longestWindow what the network takes, in tokens
     * @param limits how much may wait
     * @param listener who is told what happens
     */
    public Scheduler(
            List<OpenDevice> devices, int longestWindow, QueueLimits limits, QuestionAnswererListener listener) {
        this.limits = limits;
        this.listener = listener;
        this.rotation = new Rotation(longestWindow);
        int first = 0;
        for (int i = 0; i < devices.size(); i++) {
            boolean sameAsBefore =
                    i > 0 && devices.get(i).name().equals(devices.get(i - 1).name());
            first = i == 0 || sameAsBefore ? first : first + 1;
            threads.add(new DeviceThread(this, devices.get(i), first, listener));
        }
        threads.forEach(DeviceThread::start);
    }

    /**
     * Admits a request, as soon as there is room; those that wait for it get it in the order in which they came.
     *
     * @param ticket the request, which withdraws in the end
     * @param windows how many windows it is counted as until it gives them
     * @throws OverloadedException if there is no room, and nobody is to wait for it
     * @throws ClosedException if this was closed
     * @throws QuestionAnsweringException if no device is left
     * @throws OperationInterruptedException if the thread was interrupted while it waited for room
     */
    public void admit(Ticket ticket, int windows) {
        lock.lock();
        try {
            ticket.waitsFrom(System.nanoTime());
            while (!admitted(ticket, windows)) {
                if (limits.whenFull() == WhenFull.REJECT) {
                    throw new OverloadedException(pending() + " windows wait; maxPendingWindows is "
                            + limits.maxPendingWindows() + ". Come again later");
                }
                waitingForRoom
                        .computeIfAbsent(ticket, waiting -> lock.newCondition())
                        .await();
            }
            ticket.waitsNoMore(System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while waiting for room in the queue", e);
        } finally {
            waitingForRoom.remove(ticket);
            offerRoom();
            lock.unlock();
        }
    }

    /**
     * Admits a request if there is room, and nobody waits for it.
     *
     * @param ticket the request, which withdraws in the end if it was admitted
     * @param windows how many windows it is counted as until it gives them
     * @return whether it was admitted
     * @throws ClosedException if this was closed
     * @throws QuestionAnsweringException if no device is left
     */
    public boolean tryAdmit(Ticket ticket, int windows) {
        lock.lock();
        try {
            return admitted(ticket, windows);
        } finally {
            lock.unlock();
        }
    }

    private boolean admitted(Ticket ticket, int windows) {
        if (closing) {
            throw new ClosedException(CLOSED);
        }
        if (allLost != null) {
            throw DeviceFailures.of(allLost);
        }
        if (ticket.withdrawn) {
            return true; // It waits for nothing any more, and holds nothing.
        }
        if (isFull() || !waitingForRoom.isEmpty() && first() != ticket) {
            return false;
        }
        open.add(ticket);
        ticket.reserved = windows;
        reserved += windows;
        return true;
    }

    /**
     * Gives what requests want read: all of them at once, so that they can share a batch.
     *
     * @param tickets requests that were admitted; those that have withdrawn are passed over
     */
    public void enqueue(List<? extends Ticket> tickets) {
        lock.lock();
        try {
            long now = System.nanoTime();
            waitingSince = rotation.isEmpty() ? now : waitingSince;
            for (Ticket ticket : tickets) {
                if (!open.contains(ticket)) {
                    continue;
                }
                release(ticket);
                ticket.toRead().stream()
                        .sorted(Comparator.comparingInt(Sequence::length).reversed())
                        .forEach(ticket::waitsFor);
                ticket.waitsFrom(now);
                rotation.add(ticket);
            }
            work.signalAll();
            offerRoom(); // For less than was reserved, perhaps.
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets a request: what waits of it is read no more, what is being read is not told. Does nothing if it was forgotten before.
     *
     * @param ticket the request
     */
    public void withdraw(Ticket ticket) {
        lock.lock();
        try {
            withdrawLocked(ticket);
        } finally {
            lock.unlock();
        }
    }

    private void withdrawLocked(Ticket ticket) {
        ticket.withdrawn = true;
        ticket.waitsNoMore(System.nanoTime());
        release(ticket);
        rotation.remove(ticket);
        refused.removeIf(sequence -> sequence.ticket() == ticket);
        if (open.remove(ticket)) {
            if (open.isEmpty()) {
                idle.signalAll();
            }
        } else if (waitingForRoom.containsKey(ticket)) {
            waitingForRoom.get(ticket).signal();
        }
        offerRoom();
    }

    /** Wakes the first of those that wait for room, if there is any. */
    private void offerRoom() {
        if (!waitingForRoom.isEmpty() && !isFull()) {
            waitingForRoom.get(first()).signal();
        }
    }

    private Ticket first() {
        return waitingForRoom.keySet().iterator().next();
    }

    /** Wakes all that wait for room, of which there will be none any more. */
    private void endWaitingForRoom() {
        waitingForRoom.values().forEach(Condition::signal);
    }

    private boolean isFull() {
        return pending() >= limits.maxPendingWindows();
    }

    private void release(Ticket ticket) {
        reserved -= ticket.reserved;
        ticket.reserved = 0;
    }

    private int pending() {
        return reserved + rotation.sequences() + refused.size();
    }

    /**
     * How much waits.
     *
     * @return windows that no device has taken, with an estimate for requests that were not cut into windows yet
     */
    public int pendingWindows() {
        lock.lock();
        try {
            return pending();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether requests are read.
     *
     * @return the devices, and which of them were lost; or why nothing is read
     */
    public Availability availability() {
        lock.lock();
        try {
            if (closing) {
                return Availability.unavailable(CLOSED);
            }
            if (allLost != null) {
                return Availability.unavailable("no device is left: " + allLost.getMessage());
            }
        } finally {
            lock.unlock();
        }
        return Availability.available(
                threads.stream().map(DeviceThread::describe).collect(Collectors.joining("; ")));
    }

    /** The next batch for a device, which waits for it; empty when it is to end. */
    List<Sequence> take(DeviceThread thread) {
        lock.lock();
        try {
            while (!stopped) {
                Optional<Sequence> ofAnother = takeRefused(thread);
                if (ofAnother.isPresent()) {
                    return List.of(ofAnother.get());
                }
                long delay = thread.rank() == rank && !rotation.isEmpty() ? delay(thread) : Long.MAX_VALUE;
                if (delay <= 0) {
                    return next(thread.batchSize());
                }
                try {
                    work.awaitNanos(delay);
                } catch (InterruptedException e) {
                    // The thread is this package's own, and whoever interrupts it has no say: close() ends it.
                    LOG.debug("the thread of a device was interrupted", e);
                }
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** What another device could not read, and this one has not tried. Alone, since it may be what breaks a run. */
    private Optional<Sequence> takeRefused(DeviceThread thread) {
        Optional<Sequence> first = refused.stream()
                .filter(sequence -> sequence.refusedBy() != thread || !hasAnother(thread))
                .findFirst();
        first.ifPresent(refused::remove);
        offerRoom();
        return first;
    }

    /** How long a batch may still wait for company, in nanoseconds. */
    private long delay(DeviceThread thread) {
        if (rotation.sequences() >= thread.batchSize() || closing) {
            return 0;
        }
        return limits.maxBatchDelayNanos() - (System.nanoTime() - waitingSince);
    }

    private List<Sequence> next(int batchSize) {
        List<Sequence> batch = rotation.next(batchSize);
        long now = System.nanoTime();
        waitingSince = now;
        batch.forEach(sequence -> sequence.ticket().taken(now));
        offerRoom();
        return batch;
    }

    /**
     * What is given away where there is too little memory for telling callers so.
     *
     * @return the memory that is held back
     */
    public MemoryReserve reserve() {
        return reserve;
    }

    /** Takes what a device said. */
    void read(List<Sequence> batch, Logits logits) {
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                Sequence sequence = batch.get(i);
                Ticket ticket = sequence.ticket();
                if (ticket.running == 1 && ticket.waiting.isEmpty() && open.contains(ticket)) {
                    untold.add(ticket::read); // First: where memory is short the sequence stays as it was.
                }
                sequence.read(logits.start(i), logits.end(i));
                ticket.running--;
            }
        } finally {
            lock.unlock();
        }
        tellUntold();
    }

    /**
     * Lets another device read what one could not. If there is none, or this is the second that could not, the request is at its
     * end, which {@link #tellUntold} tells it.
     */
    void failed(DeviceThread thread, List<Sequence> sequences, List<Throwable> failures) {
        lock.lock();
        try {
            for (int i = 0; i < sequences.size(); i++) {
                Sequence sequence = sequences.get(i);
                Throwable failure = failures.get(i);
                if (!open.contains(sequence.ticket())) {
                    continue;
                }
                if (sequence.refusedBy() == null && hasAnother(thread)) {
                    sequence.refusedBy(thread);
                    refused.addLast(sequence);
                    work.signalAll();
                } else {
                    fail(sequence.ticket(), () -> DeviceFailures.of(failure));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Withdraws a request, which is told of a failure of its own. */
    private void fail(Ticket ticket, Supplier<QuestionAnsweringException> failure) {
        untold.add(() -> ticket.failed(failure.get()));
        withdrawLocked(ticket);
    }

    /** Whether another device could read what this one does not. */
    boolean hasAnother(DeviceThread thread) {
        return threads.stream().anyMatch(other -> other != thread && !other.isLost());
    }

    /**
     * Gives up a device, which has set itself lost. What it had taken goes to the others, or fails if there is none. If this throws,
     * calling it once more does what is left.
     */
    void lost(DeviceThread thread, List<Sequence> unread, Throwable failure) {
        QuestionAnsweringException reason = DeviceFailures.of(failure);
        boolean last;
        lock.lock();
        try {
            last = threads.stream().allMatch(DeviceThread::isLost);
            if (last) {
                allLost = reason;
                List.copyOf(open).forEach(ticket -> fail(ticket, () -> DeviceFailures.of(failure)));
                endWaitingForRoom(); // As each withdrawal does, unless that had too little memory.
            } else if (!thread.gaveBack) {
                rank = threads.stream()
                        .filter(other -> !other.isLost())
                        .mapToInt(DeviceThread::rank)
                        .min()
                        .orElseThrow();
                putBack(unread);
                thread.gaveBack = true;
                work.signalAll();
            }
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "device {} was lost; {}: {}",
                thread.name(),
                last ? "no other is left, all requests fail" : "the others take over",
                reason.getMessage());
        listener.deviceLost(thread.info(), reason);
        tellUntold();
    }

    /** Tells requests what became of them, each once. May be called at any time, without the lock. */
    void tellUntold() {
        for (Runnable news = takeUntold(); news != null; news = takeUntold()) {
            try {
                news.run();
            } catch (OutOfMemoryError e) {
                lock.lock();
                untold.add(news);
                lock.unlock();
                throw e;
            }
        }
    }

    private Runnable takeUntold() {
        lock.lock();
        try {
            return untold.isEmpty() ? null : untold.remove(untold.size() - 1);
        } finally {
            lock.unlock();
        }
    }

    private void putBack(List<Sequence> unread) {
        List<Sequence> wanted = unread.stream()
                .filter(sequence -> open.contains(sequence.ticket()))
                .toList();
        wanted.forEach(sequence -> sequence.ticket().running--);
        rotation.putBack(wanted);
    }

    /**
     * Refuses what is new, waits for what is under way, ends what is not finished in time, and closes the devices. Interrupted,
     * it waits for nothing. A device that does not end its run in time is closed by its own thread when it does.
     *
     * @param timeout how long this may take
     * @throws QuestionAnsweringException if a device could not be closed
     */
    public void close(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        // What is left then is for the batch that runs.
        boolean interrupted = awaitIdle(end - timeout.toNanos() / 4);
        int unfinished = endUnfinished(timeout);
        if (unfinished > 0) {
            LOG.warn("closing ended {} requests that were not finished within {}", unfinished, timeout);
        }
        for (DeviceThread thread : threads) {
            interrupted |= thread.awaitEnd(interrupted ? 0 : end - System.nanoTime());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        DeviceThread.throwFailures(threads);
    }

    /** Whether the thread was interrupted. */
    private boolean awaitIdle(long end) {
        lock.lock();
        try {
            closing = true;
            endWaitingForRoom();
            work.signalAll();
            for (long left = end - System.nanoTime(); !open.isEmpty() && left > 0; left = end - System.nanoTime()) {
                idle.awaitNanos(left);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody comes after this: where there is too little memory for telling callers, it is done as soon as there is enough. */
    private int endUnfinished(Duration timeout) {
        int unfinished = 0;
        while (true) {
            try {
                unfinished += stop(timeout);
                tellUntold();
                return unfinished;
            } catch (OutOfMemoryError e) {
                reserve.makeRoom();
            }
        }
    }

    /** How many requests that ended. */
    private int stop(Duration timeout) {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
            List<Ticket> unfinished = List.copyOf(open);
            unfinished.forEach(ticket -> fail(
                    ticket,
                    () -> new ClosedException(
                            "the QuestionAnswerer was closed, and this request was not finished within closeTimeout, "
                                    + timeout)));
            return unfinished.size();
        } finally {
            lock.unlock();
        }
    }
}
