package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.tt.TtLibrary.Counters;
import org.distilqa.device.tt.TtLibraryLoader.TtStatusException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open card, or mesh of chips. The native library wants one thread at a time; all calls go through one thread of the
 * device's own, its owner, and those of many threads queue up there.
 *
 * <p>A call that takes longer than the timeout, or finds the card gone, marks the device as failed: this call and all that follow
 * throw {@link DeviceLostException}, and only closing is still possible.
 */
final class TtDevice implements Device {
    private static final Logger LOG = LoggerFactory.getLogger(TtDevice.class);

    /** How long closing waits at most for a native call that does not return. */
    private static final long GRACE_MS = 5_000;

    private final TtOptions options;
    private final int chips;
    private final TtSession session;
    private final Map<String, String> facts;
    private final ExecutorService owner;
    private final Thread ownerThread;
    private final List<TtProgram> programs = new ArrayList<>();
    private final Lock closing = new ReentrantLock();

    /** When the call that the owner is busy with began, in nanoseconds; 0 while it is idle. */
    private volatile long busySince;

    private volatile String failure = "";
    private volatile boolean closed;
    private volatile Map<String, String> lastCounters = Map.of();

    /** Made by the owner's thread. */
    private TtDevice(
            TtOptions options, int chips, TtSession session, Map<String, String> facts, ExecutorService owner) {
        this.options = options;
        this.chips = chips;
        this.session = session;
        this.facts = facts;
        this.owner = owner;
        this.ownerThread = Thread.currentThread();
    }

    /**
     * Opens the card, with functions that {@link TtLibraryLoader#acquire()} has bound and that are released by {@link #close()}, or
     * here where opening fails.
     */
    static TtDevice open(TtOptions options) {
        ExecutorService owner = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "distilqa-tt");
            thread.setDaemon(true);
            return thread;
        });
        Opening opening = new Opening(options, owner);
        Future<TtDevice> opened = owner.submit(opening);
        if (!opening.endsInTime(opened)) {
            owner.shutdown();
            throw new DeviceUnavailableException("the card was not open after " + options.openTimeoutMs()
                    + " ms: another process may have it, or it hangs (tt-smi -r resets it). A larger open-timeout-ms waits"
                    + " longer");
        }
        try {
            return await(opened);
        } catch (RuntimeException | Error e) {
            owner.shutdown();
            TtLibraryLoader.release();
            throw e;
        }
    }

    /** Opens on the owner's thread. Whoever waits may give up; what is opened after that is closed at once. */
    private static final class Opening implements Callable<TtDevice> {
        private enum State {
            WAITED_FOR,
            ENDED,
            GIVEN_UP
        }

        private final TtOptions options;
        private final ExecutorService owner;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITED_FOR);

        Opening(TtOptions options, ExecutorService owner) {
            this.options = options;
            this.owner = owner;
        }

        @Override
        public TtDevice call() {
            TtSession session = null;
            try {
                int chips = options.meshColumns() > 0
                        ? options.meshColumns()
                        : Integer.parseInt(TtLibraryLoader.describe().getOrDefault("card.0.chips", "1"));
                session = TtSession.open(options, chips);
                TtDevice device = new TtDevice(options, chips, session, session.facts(), owner);
                tellOfTheProcess(device.facts);
                if (state.compareAndSet(State.WAITED_FOR, State.ENDED)) {
                    return device;
                }
                closeLate(session);
                return null;
            } catch (RuntimeException | Error e) {
                if (state.compareAndSet(State.WAITED_FOR, State.ENDED)) {
                    closeAfter(e, session);
                } else {
                    LOG.debug("opening failed after it was given up: {}", e.getMessage());
                    closeLate(session);
                }
                throw e;
            }
        }

        /** Says what TT-NN does to the process that its user may want otherwise. */
        private static void tellOfTheProcess(Map<String, String> facts) {
            String set = facts.getOrDefault("environment_set", "");
            if (!set.isEmpty()) {
                LOG.info("set in this process's environment before TT-NN's first use: {}", set);
            }
            if ("ttnn".equals(facts.get("library")) && System.getenv("TT_LOGGER_FILE") == null) {
                LOG.info("TT-NN logs to standard output unless TT_LOGGER_FILE was set before the JVM started;"
                        + " docs/wormhole.md says to what");
            }
        }

        private static void closeAfter(Throwable failure, TtSession session) {
            if (session != null) {
                try {
                    session.close();
                } catch (RuntimeException e) {
                    failure.addSuppressed(e);
                }
            }
        }

        private static void closeLate(TtSession session) {
            try {
                if (session != null) {
                    session.close();
                }
            } catch (RuntimeException e) {
                LOG.warn("a card that opened too late was closed: {}", e.getMessage());
            } finally {
                TtLibraryLoader.release();
            }
        }

        boolean endsInTime(Future<TtDevice> opened) {
            long limit = options.openTimeoutMs();
            return limit == 0 || endsWithin(opened, limit) || !state.compareAndSet(State.WAITED_FOR, State.GIVEN_UP);
        }
    }

    /** Whether a task ends within so many milliseconds. An interrupt stays pending. */
    private static boolean endsWithin(Future<?> future, long milliseconds) {
        boolean interrupted = false;
        long begin = System.nanoTime();
        try {
            while (true) {
                long left = milliseconds - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                try {
                    future.get(Math.max(0, left), TimeUnit.MILLISECONDS);
                    return true;
                } catch (ExecutionException | CancellationException e) {
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        if (e.getCause() instanceof QuestionAnsweringException known) {
            return known;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new DeviceException("device tt failed: " + e.getCause(), e.getCause());
    }

    TtOptions options() {
        return options;
    }

    int chips() {
        return chips;
    }

    /** What the library said of the device when it was opened; its number, or the other value. */
    long fact(String name, long otherwise) {
        try {
            return Long.parseLong(facts.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Whether TT-NN only plays the card. */
    boolean mocked() {
        return "mocked".equals(facts.get("card"));
    }

    /**
     * Says, on the owner thread, that a step of a longer call has ended: one run of several, one parameter. The time limit is that
     * of a step.
     */
    void progress() {
        busySince = System.nanoTime() | 1;
    }

    /** Runs something on the owner thread and waits for it. */
    <T> T call(Callable<T> task) {
        requireUsable();
        Future<T> future;
        try {
            future = owner.submit(() -> {
                requireUsable();
                progress();
                try {
                    return task.call();
                } catch (TtStatusException e) {
                    if (e.status() == TtLibrary.TIMEOUT || e.status() == TtLibrary.DEVICE_LOST) {
                        failure = e.getMessage();
                        throw new DeviceLostException("device tt must be closed and opened again: " + failure, e);
                    }
                    throw e;
                } finally {
                    busySince = 0;
                }
            });
        } catch (RejectedExecutionException e) {
            throw new ClosedException("device tt was closed", e);
        }
        return awaitWithWatch(future);
    }

    private <T> T awaitWithWatch(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(100, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    watch(future);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (CancellationException e) {
                    throw new DeviceLostException("device tt must be closed and opened again: " + failure, e);
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives up on a native call that does not come back. */
    private void watch(Future<?> future) {
        long since = busySince;
        if (failure.isEmpty() && options.timeoutMs() > 0 && since != 0) {
            long busyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            // Later than the native library, which knows more: only when a native call does not return.
            if (busyMs > options.timeoutMs() + Math.max(1_000, Math.min(GRACE_MS, options.timeoutMs()))) {
                failure = "a call has not returned for " + busyMs + " ms";
            }
        }
        if (!failure.isEmpty() && since != 0) {
            future.cancel(false);
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new ClosedException("device tt was closed");
        }
        if (!failure.isEmpty()) {
            throw new DeviceLostException("device tt failed earlier and must be closed and opened again: " + failure);
        }
    }

    @Override
    public DeviceInfo info() {
        // While the card is at work its counters would come with the end of that; those of before will do, for who asks
        // for its health.
        if (!closed && failure.isEmpty() && busySince == 0) {
            try {
                call(() -> {
                    lastCounters = asFacts(session.counters());
                    return null;
                });
            } catch (QuestionAnsweringException e) {
                LOG.debug("no counters: {}", e.getMessage());
            }
        }
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.putAll(lastCounters);
        String board = facts.getOrDefault("board", "unknown board");
        return new DeviceInfo(
                "tt",
                board + ", " + chips + (chips == 1 ? " chip" : " chips") + ", through "
                        + facts.getOrDefault("library", "an unnamed library") + " " + facts.getOrDefault("version", ""),
                chips * options.batchPerChip(),
                all);
    }

    private static Map<String, String> asFacts(Counters counters) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("ops", Long.toString(counters.ops));
        values.put("host_to_device_bytes", Long.toString(counters.hostToDeviceBytes));
        values.put("device_to_host_bytes", Long.toString(counters.deviceToHostBytes));
        values.put("live_tensors", Long.toString(counters.liveTensors));
        values.put("live_dram_bytes", Long.toString(counters.liveDramBytes));
        values.put("live_l1_bytes", Long.toString(counters.liveL1Bytes));
        values.put("peak_dram_bytes", Long.toString(counters.peakDramBytes));
        values.put("peak_l1_bytes", Long.toString(counters.peakL1Bytes));
        values.put("live_traces", Long.toString(counters.liveTraces));
        values.put("replays", Long.toString(counters.replays));
        values.put("cached_programs", Long.toString(counters.cachedPrograms));
        return values;
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        return call(() -> {
            // What a trace writes when it is replayed was free memory when it was captured; the new weights may go
            // there.
            programs.forEach(TtProgram::releaseTraces);
            TtProgram program = TtProgram.compile(this, session, graph, parameters);
            programs.add(program);
            return program;
        });
    }

    /** Frees what a program holds. Nothing is left to free once the device has failed or was closed: closing frees all. */
    void close(TtProgram program) {
        if (closed || !failure.isEmpty()) {
            return;
        }
        call(() -> {
            if (programs.remove(program)) {
                program.free();
            }
            return null;
        });
    }

    @Override
    public void close() {
        QuestionAnsweringException failed = null;
        // Not the monitor: whoever waits for the owner with it pins the carrier of a virtual thread, before JDK 24.
        closing.lock();
        try {
            if (closed) {
                return;
            }
            if (failure.isEmpty()) {
                try {
                    call(() -> {
                        freeAll(programs.stream()
                                .map(program -> (Runnable) program::free)
                                .toList());
                        programs.clear();
                        lastCounters = asFacts(session.counters());
                        return null;
                    });
                } catch (QuestionAnsweringException e) {
                    // The mesh is closed all the same: that frees what is left.
                    failed = e;
                }
            }
            closed = true;
        } finally {
            closing.unlock();
        }
        Future<?> end = owner.submit(session::close);
        owner.shutdown();
        if (!hasEnded(ownerThread)) {
            LOG.error(
                    "device tt could not be closed: a native call has not returned; its memory is lost until the end of"
                            + " this process");
            return;
        }
        TtLibraryLoader.release();
        try {
            await(end);
        } catch (QuestionAnsweringException e) {
            if (failed == null) {
                throw e;
            }
            failed.addSuppressed(e);
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Does all of them, and then throws the first failure. */
    static void freeAll(List<Runnable> steps) {
        RuntimeException first = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Waits for a thread's end, though not for ever. An interrupt stays pending. */
    private static boolean hasEnded(Thread thread) {
        boolean interrupted = false;
        long begin = System.nanoTime();
        long left = GRACE_MS;
        while (left > 0 && thread.isAlive()) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = GRACE_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
