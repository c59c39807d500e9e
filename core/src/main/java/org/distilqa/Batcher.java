package org.distilqa;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.internal.LibraryFault;

/**
 * Runs the windows of many callers in common batches. One batch runs at a time; what arrives meanwhile waits and goes
 * together into the next, so batches grow with the load and no caller waits for company. There is no thread of its own:
 * a caller whose windows are waiting runs the next batch, whosever they are.
 */
final class Batcher {
    private final Program program;
    private final int batchSize;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private boolean running;
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong nanoseconds = new AtomicLong();

    /** A sequence on its way through the device. Guarded by the batcher's monitor until done. */
    static final class Sequence {
        private final int[] ids;
        private final int contextStart;
        private float[] start;
        private float[] end;
        private RuntimeException failure;
        private boolean done;

        /** A question's tokens, then its context's from {@code contextStart} on. */
        Sequence(int[] ids, int contextStart) {
            this.ids = ids;
            this.contextStart = contextStart;
        }

        int length() {
            return ids.length;
        }

        float[] startLogits() {
            return start;
        }

        float[] endLogits() {
            return end;
        }
    }

    Batcher(Program program, int batchSize) {
        this.program = program;
        this.batchSize = batchSize;
    }

    /**
     * Runs sequences, in the order given, and returns when all of them have their logits.
     *
     * @throws QuestionAnsweringException if a batch with one of them failed
     * @throws OperationInterruptedException if the thread was interrupted while waiting
     */
    void run(List<Sequence> sequences) {
        synchronized (this) {
            waiting.addAll(sequences);
        }
        try {
            for (Sequence sequence : sequences) {
                while (true) {
                    List<Sequence> batch = nextBatchOrDone(sequence);
                    if (batch.isEmpty()) {
                        break;
                    }
                    runBatch(batch);
                }
            }
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                waiting.removeAll(sequences); // Nobody waits for them any more.
            }
            throw e;
        }
    }

    /** Waits until the sequence is done (no batch) or this thread is the one to run the next batch. */
    private synchronized List<Sequence> nextBatchOrDone(Sequence sequence) {
        while (!sequence.done && running) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OperationInterruptedException("interrupted while waiting for the device", e);
            }
        }
        if (sequence.done) {
            if (sequence.failure != null) {
                throw sequence.failure;
            }
            return List.of();
        }
        List<Sequence> batch = new ArrayList<>(Math.min(batchSize, waiting.size()));
        running = true;
        while (batch.size() < batchSize && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private void runBatch(List<Sequence> batch) {
        Logits logits = null;
        RuntimeException failure = null;
        long begin = System.nanoTime();
        try {
            logits = requireFor(batch, program.run(tokens(batch)));
        } catch (QuestionAnsweringException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new DeviceException("the device failed: " + e, e);
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            failure = new DeviceException("the device failed: " + LibraryFault.explain(e), e);
        } finally {
            batches.incrementAndGet();
            nanoseconds.addAndGet(System.nanoTime() - begin);
            finish(batch, logits, failure);
        }
    }

    private static TokenBatch tokens(List<Sequence> batch) {
        return TokenBatch.of(
                batch.stream().map(sequence -> sequence.ids).toList(),
                batch.stream().mapToInt(sequence -> sequence.contextStart).toArray());
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

    /** Hands out the results. Without logits and failure, an Error is on its way up this thread; the others are told. */
    private synchronized void finish(List<Sequence> batch, Logits logits, RuntimeException failure) {
        for (int i = 0; i < batch.size(); i++) {
            Sequence sequence = batch.get(i);
            if (logits != null) {
                sequence.start = logits.start(i);
                sequence.end = logits.end(i);
            } else {
                sequence.failure =
                        failure != null ? failure : new DeviceException("the device failed on another thread");
            }
            sequence.done = true;
        }
        running = false;
        notifyAll();
    }

    /** How many batches have run. */
    long batches() {
        return batches.get();
    }

    /** How long the device has run, in nanoseconds. */
    long nanoseconds() {
        return nanoseconds.get();
    }
}
