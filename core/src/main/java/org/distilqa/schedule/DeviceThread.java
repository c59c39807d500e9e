package org.distilqa.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.distilqa.DeviceException;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a device: takes batches and runs them, one after another, and closes the device in the end. */
final class DeviceThread {
    /** After so many runs that failed, with none between them that did not, a device counts as lost if there is another. */
    private static final int FAILURES_OF_A_LOST_DEVICE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceThread.class);

    private final Scheduler scheduler;
    private final OpenDevice device;
    private final int rank;

    /** As it was opened: asked later, a device may have to end a run first. */
    private final DeviceInfo opened;

    private final QuestionAnswererListener listener;
    private final Thread thread;

    private int failuresInARow;

    /** Whether what it had not read went to the others when it was lost; the scheduler's lock guards it. */
    boolean gaveBack;

    private volatile boolean lost;
    private volatile RuntimeException closeFailure;

    DeviceThread(Scheduler scheduler, OpenDevice device, int rank, QuestionAnswererListener listener) {
        this.scheduler = scheduler;
        this.device = device;
        this.rank = rank;
        this.opened = device.device().info();
        this.listener = listener;
        this.thread = new Thread(this::run, "distilqa-device-" + opened.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Devices of one rank work side by side, those of the next when these are lost. */
    int rank() {
        return rank;
    }

    int batchSize() {
        return device.batchSize();
    }

    boolean isLost() {
        return lost;
    }

    String name() {
        return opened.name();
    }

    /** With its counters of this moment, if it still tells them. */
    DeviceInfo info() {
        try {
            return device.device().info();
        } catch (RuntimeException | Error e) {
            LOG.debug("device {} does not tell what it is any more", name(), e);
            return opened;
        }
    }

    /** One line for a person. */
    String describe() {
        return name() + ": " + opened.description() + (lost ? " (lost)" : "");
    }

    private void run() {
        List<Sequence> batch = List.of();
        try {
            boolean goesOn;
            do {
                batch = scheduler.take(this);
                goesOn = !batch.isEmpty();
                serve(batch);
                batch = List.of(); // Nothing of it is this thread's any more.
                scheduler.tellUntold();
            } while (goesOn && !lost);
        } catch (RuntimeException | Error e) {
            // A fault of ours, or too little memory for our own work: without its thread the device is lost.
            giveUpWithoutMemory(batch, e);
        } finally {
            close();
        }
    }

    private void close() {
        try {
            device.close();
        } catch (RuntimeException e) {
            closeFailure = e;
            LOG.debug("device {} could not be closed", name(), e);
        }
    }

    /** Runs a batch, if there is anything in it. If that fails, each of its sequences alone, since one may be the reason. */
    private void serve(List<Sequence> batch) {
        Optional<Throwable> failure = batch.isEmpty() ? Optional.empty() : tryToRun(batch);
        if (failure.isEmpty()) {
            return;
        }
        if (isGone(failure.get())) {
            giveUp(batch, failure.get());
            return;
        }
        List<Sequence> failed = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            List<Sequence> alone = batch.subList(i, i + 1);
            Optional<Throwable> failureAlone = batch.size() == 1 ? failure : tryToRun(alone);
            if (failureAlone.isPresent()) {
                failed.addAll(alone);
                failures.add(failureAlone.get());
                if (isGone(failureAlone.get())) {
                    failed.addAll(batch.subList(i + 1, batch.size()));
                    giveUp(failed, failureAlone.get());
                    return;
                }
            }
        }
        scheduler.failed(this, failed, failures);
    }

    private boolean isGone(Throwable failure) {
        return DeviceFailures.isForGood(failure)
                || failuresInARow >= FAILURES_OF_A_LOST_DEVICE && scheduler.hasAnother(this);
    }

    /** Callers would wait for ever if nobody were told: where there is too little memory for that, the device goes first. */
    private void giveUpWithoutMemory(List<Sequence> batch, Throwable failure) {
        lost = true;
        for (boolean again = false; ; again = true) {
            try {
                if (again) {
                    close();
                }
                giveUp(
                        batch.stream()
                                .filter(sequence -> sequence.startLogits() == null)
                                .toList(),
                        failure);
                return;
            } catch (OutOfMemoryError e) {
                // Once more: closing the device makes room, too, and so does what others do meanwhile.
                scheduler.reserve().makeRoom();
            }
        }
    }

    private void giveUp(List<Sequence> unread, Throwable failure) {
        lost = true;
        scheduler.lost(this, unread, failure);
    }

    /** Runs a batch and hands its logits on; gives what was thrown if that failed. */
    private Optional<Throwable> tryToRun(List<Sequence> batch) {
        long begin = System.nanoTime();
        Logits logits;
        try {
            logits = requireFor(batch, device.program().run(tokens(batch)));
        } catch (RuntimeException | Error e) {
            // Also too little memory: the next batch may be smaller, and who asked for this one is told.
            failuresInARow++;
            tell(batch, begin, Optional.of(e));
            return Optional.of(e);
        }
        failuresInARow = 0;
        tell(batch, begin, Optional.empty());
        scheduler.read(batch, logits);
        return Optional.empty();
    }

    private void tell(List<Sequence> batch, long begin, Optional<Throwable> failure) {
        Duration ran = Duration.ofNanos(System.nanoTime() - begin);
        listener.batchRead(BatchEvent.of(name(), batch, ran, scheduler.pendingWindows(), failure));
    }

    private static TokenBatch tokens(List<Sequence> batch) {
        return TokenBatch.of(
                batch.stream().map(Sequence::ids).toList(),
                batch.stream().mapToInt(Sequence::secondSegment).toArray());
    }

    private static Logits requireFor(List<Sequence> batch, Logits logits) {
        boolean fits = logits.size() == batch.size();
        for (int i = 0; fits && i < batch.size(); i++) {
            fits = logits.start(i).length == batch.get(i).length();
        }
        if (!fits) {
            throw new DeviceException("the device returned logits for other sequences than it was given");
        }
        return logits;
    }

    /** Waits for the end, at most so long. Whether the thread that waits was interrupted. */
    boolean awaitEnd(long nanos) {
        if (thread == Thread.currentThread()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(nanos, 0));
        } catch (InterruptedException e) {
            return true;
        }
        if (thread.isAlive()) {
            LOG.warn("device {} has not ended its run; it is closed when it does", name());
        }
        return false;
    }

    /** Throws what closing devices threw, if any could not be closed that was not lost. */
    static void throwFailures(List<DeviceThread> threads) {
        RuntimeException first = null;
        for (DeviceThread thread : threads) {
            if (thread.closeFailure != null && !thread.lost) {
                if (first == null) {
                    first = thread.closeFailure;
                } else {
                    first.addSuppressed(thread.closeFailure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
