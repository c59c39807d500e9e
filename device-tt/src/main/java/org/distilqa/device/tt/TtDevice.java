package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.tt.TtLibrary.Counters;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open card, or mesh of chips. All calls go through one thread of the device's own, its {@link TtOwner}. Once a call has taken
 * longer than the timeout, or found the card gone, only closing is still possible.
 */
final class TtDevice implements Device {
    private static final Logger LOG = LoggerFactory.getLogger(TtDevice.class);

    private final TtOptions options;
    private final int chips;
    private final TtSession session;
    private final Map<String, String> facts;
    private final TtOwner owner;
    private final List<TtProgram> programs = new ArrayList<>();
    private final Lock closing = new ReentrantLock();

    private volatile Map<String, String> lastCounters = Map.of();

    /** Made by the owner's thread. */
    private TtDevice(TtOptions options, int chips, TtSession session, Map<String, String> facts, TtOwner owner) {
        this.options = options;
        this.chips = chips;
        this.session = session;
        this.facts = facts;
        this.owner = owner;
    }

    /**
     * Opens the card, with functions that {@link TtLibraryLoader#acquire()} has bound and that are released by {@link #close()}, or
     * here where opening fails.
     */
    static TtDevice open(TtOptions options) {
        TtOwner owner = new TtOwner(options.timeoutMs());
        Opening opening = new Opening(options, owner);
        Future<TtDevice> opened = owner.submit(opening);
        if (!opening.endsInTime(opened)) {
            owner.finish();
            throw new DeviceUnavailableException("the card was not open after " + options.openTimeoutMs()
                    + " ms: another process may have it, or it hangs (tt-smi -r resets it). A larger open-timeout-ms waits"
                    + " longer");
        }
        try {
            return TtOwner.await(opened);
        } catch (RuntimeException | Error e) {
            owner.finish();
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
        private final TtOwner owner;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITED_FOR);

        Opening(TtOptions options, TtOwner owner) {
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
            return limit == 0
                    || TtOwner.endsWithin(opened, limit)
                    || !state.compareAndSet(State.WAITED_FOR, State.GIVEN_UP);
        }
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

    /** Says, on the owner thread, that a step of a longer call has ended: {@link TtOwner#progress}. */
    void progress() {
        owner.progress();
    }

    /** Runs something on the owner thread and waits for it. */
    <T> T call(Callable<T> task) {
        return owner.call(task);
    }

    @Override
    public DeviceInfo info() {
        // While the card is at work its counters would come with the end of that; those of before will do, for who asks
        // for its health.
        if (owner.isUsable() && owner.isIdle()) {
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
        if (!owner.isUsable()) {
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
        Future<Void> freed;
        // Not the monitor: whoever waits for the owner with it pins the carrier of a virtual thread, before JDK 24.
        closing.lock();
        try {
            if (owner.isClosed()) {
                return;
            }
            // If that fails, the mesh is closed all the same, which frees what is left.
            freed = freePrograms();
            owner.close();
        } finally {
            closing.unlock();
        }
        Future<?> end = owner.submit(session::close);
        owner.finish();
        if (!owner.hasEnded()) {
            LOG.error(
                    "device tt could not be closed: a native call has not returned; its memory is lost until the end of"
                            + " this process");
            return;
        }
        TtLibraryLoader.release();
        freeAll(List.of(() -> TtOwner.await(freed), () -> TtOwner.await(end)));
    }

    /** Frees what all programs hold, if the card still answers, and says what came of it. */
    private Future<Void> freePrograms() {
        if (!owner.isUsable()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            call(() -> {
                freeAll(programs.stream()
                        .map(program -> (Runnable) program::free)
                        .toList());
                programs.clear();
                lastCounters = asFacts(session.counters());
                return null;
            });
            return CompletableFuture.completedFuture(null);
        } catch (QuestionAnsweringException e) {
            return CompletableFuture.failedFuture(e);
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
}
