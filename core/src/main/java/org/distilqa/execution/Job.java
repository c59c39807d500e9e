package org.distilqa.execution;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;
import org.distilqa.internal.LibraryFault;
import org.distilqa.schedule.Sequence;
import org.distilqa.schedule.Ticket;

/**
 * A request on its way: admitted, tokenized, read by the devices as often as {@link ContextReading} wants, decoded. It ends when
 * its {@link #prediction} is complete, by whom ever: a caller who cancels it takes it out of the queue.
 *
 * <p>The caller's thread tokenizes a short text, a worker a long one, so that a caller who gives up is free at once. Devices'
 * threads only hand over.
 */
final class Job extends Ticket {
    /** What takes some milliseconds to tokenize, in characters. */
    private static final int SHORT_TEXT = 50_000;

    /** A window has room for some 1,300 characters of English, and shares a third of them with its neighbour. */
    private static final int CHARACTERS_PER_WINDOW = 1_000;

    private final QuestionRequest request;
    private final Execution execution;
    private final CompletableFuture<Prediction> prediction = new CompletableFuture<>();
    private final long begin = System.nanoTime();
    private final AtomicReference<End> end = new AtomicReference<>();
    private volatile ContextReading reading;
    private volatile Future<?> timer;

    /** Of the thread that starts this. */
    private boolean begun;

    Job(QuestionRequest request, Execution execution) {
        this.request = request;
        this.execution = execution;
        execution.started(this);
        prediction.whenComplete((found, failure) -> end(End.CANCELLED, 0, () -> {}));
    }

    QuestionRequest request() {
        return request;
    }

    /** What becomes of it. Completing it from outside, as by cancelling, ends the job. */
    CompletableFuture<Prediction> prediction() {
        return prediction;
    }

    /** How many windows it will have, about. */
    int estimatedWindows() {
        return Math.max(request.passages().size(), 1 + request.context().length() / CHARACTERS_PER_WINDOW);
    }

    /** Does what there is to do, waiting for room in the queue if need be. */
    void start() {
        attempt(() -> {
            execution.scheduler().admit(this, estimatedWindows());
            tokenize(this::enqueue);
            return true;
        });
    }

    /**
     * As {@link #start}, but does nothing if there is no room; then either may be called again.
     *
     * @param enqueue what to do with this if its windows are known at once; otherwise it goes to the queue by itself
     * @return whether it is on its way, or at its end
     */
    boolean startIfRoom(Consumer<Job> enqueue) {
        return attempt(() -> {
            if (!execution.scheduler().tryAdmit(this, estimatedWindows())) {
                return false;
            }
            tokenize(enqueue);
            return true;
        });
    }

    private boolean attempt(BooleanSupplier starting) {
        try {
            if (!begun) {
                begun = true;
                begin();
            }
            return starting.getAsBoolean();
        } catch (QuestionAnsweringException e) {
            end(e);
        } catch (RuntimeException | Error e) {
            // No thread for a long text or a deadline, say: the room that it was given must be free again.
            endByFault(e);
        }
        return true;
    }

    /** What is done once, however often it is tried to start this. */
    private void begin() {
        execution.scheduler().reserve().replenish();
        execution.limits().check(request);
        Optional<Duration> deadline = request.deadline();
        if (deadline.isPresent()) {
            timer = execution
                    .workers()
                    .after(
                            deadline.get(),
                            () -> end(new DeadlineExceededException(
                                    "the request was not answered within " + deadline.get() + ", its deadline")));
        }
    }

    private void tokenize(Consumer<Job> enqueue) {
        if (hasShortText()) {
            prepare(enqueue);
        } else {
            execution.workers().executeLong(() -> prepare(this::enqueue));
        }
    }

    private void enqueue(Job self) {
        execution.scheduler().enqueue(List.of(self));
    }

    private boolean hasShortText() {
        return request.context().length() <= SHORT_TEXT;
    }

    private void prepare(Consumer<Job> enqueue) {
        step(() -> {
            reading = execution.prepare(request);
            goOn(enqueue);
        });
    }

    @Override
    protected List<Sequence> toRead() {
        return reading.toRead();
    }

    @Override
    protected void read() {
        Runnable decoding = () -> step(() -> {
            execution.decode(reading::takeLogits);
            goOn(this::enqueue);
        });
        handOver(() -> {
            if (hasShortText()) {
                execution.workers().execute(decoding);
            } else {
                execution.workers().executeLong(decoding);
            }
        });
    }

    /** Gives work to another thread. */
    private void handOver(Runnable giving) {
        try {
            giving.run();
        } catch (RuntimeException | Error e) {
            // Too little memory for a thread, say: whoever waits must be told, and the device's thread must go on.
            endByFault(e);
        }
    }

    private void goOn(Consumer<Job> enqueue) {
        if (reading.toRead().isEmpty()) {
            Prediction found = execution.decode(reading::prediction);
            end(End.ANSWERED, found.windows(), () -> prediction.complete(found));
        } else {
            execution.count(reading.toRead());
            enqueue.accept(this);
        }
    }

    /** Does a part of the work, if anybody still wants it. */
    private void step(Runnable work) {
        if (prediction.isDone()) {
            return;
        }
        try {
            work.run();
        } catch (QuestionAnsweringException e) {
            end(e);
        } catch (RuntimeException | Error e) {
            // Also a fault of ours, or too little memory for this text: whoever waits must be told.
            endByFault(e);
        }
    }

    /** Tells who waits; where there is too little memory for that, as soon as there is enough. */
    private void endByFault(Throwable failure) {
        while (true) {
            try {
                end(fault(failure));
                return;
            } catch (OutOfMemoryError e) {
                execution.scheduler().reserve().makeRoom();
            }
        }
    }

    private static QuestionAnsweringException fault(Throwable failure) {
        return new QuestionAnsweringException("answering failed: " + LibraryFault.explain(failure), failure);
    }

    @Override
    protected void failed(QuestionAnsweringException failure) {
        // Not by a device's thread: who waits for the prediction may do anything.
        if (failure instanceof ClosedException) {
            end(failure);
        } else {
            handOver(() -> execution.workers().execute(() -> end(failure)));
        }
    }

    private void end(QuestionAnsweringException failure) {
        end(kind(failure), 0, () -> prediction.completeExceptionally(failure));
    }

    private static End kind(QuestionAnsweringException failure) {
        if (failure instanceof InvalidRequestException) {
            return End.INVALID;
        } else if (failure instanceof OverloadedException) {
            return End.REJECTED;
        } else if (failure instanceof DeadlineExceededException) {
            return End.EXPIRED;
        } else if (failure instanceof OperationInterruptedException) {
            return End.CANCELLED;
        }
        return failure instanceof ClosedException ? End.CLOSED : End.FAILED;
    }

    /** Leaves the queue, once: the first who comes here says what the caller is told, and the listener is told the same. */
    private void end(End how, int windows, Runnable complete) {
        if (!end.compareAndSet(null, how)) {
            return;
        }
        try {
            leave(how, windows);
        } finally {
            tell(complete);
        }
    }

    /** Nobody else will: where there is too little memory for it, it is done as soon as there is enough. */
    private void tell(Runnable complete) {
        while (true) {
            try {
                complete.run();
                return;
            } catch (OutOfMemoryError e) {
                execution.scheduler().reserve().makeRoom();
            }
        }
    }

    private void leave(End how, int windows) {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        execution.scheduler().withdraw(this);
        execution.ended(new RequestEvent(
                how,
                windows,
                Duration.ofNanos(System.nanoTime() - begin),
                waited(),
                execution.scheduler().pendingWindows()));
    }
}
