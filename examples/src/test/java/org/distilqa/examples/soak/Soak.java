package org.distilqa.examples.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.WhenFull;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;

/**
 * Asks for a long time, by 32 callers in every way there is, while one device after another is lost and one answerer after another
 * is closed; and checks that each request has one end, that each answer is what a quiet run gives, and that memory and threads do
 * not grow. Arguments: seconds, a model. Prints what it did; ends with 1 if something was wrong.
 */
public final class Soak {
    private static final int CALLERS = 32;

    /** Nothing takes so long, on a machine however busy. */
    private static final Duration STUCK = Duration.ofMinutes(3);

    private static final Duration MOST_TO_CLOSE = Generation.CLOSE_TIMEOUT.plusSeconds(10);
    private static final long MEGABYTE = 1 << 20;

    private final String model;
    private final long end;
    private final Duration period;
    private final Questions questions;
    private final List<Caller> callers = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Usage> usages = new ArrayList<>();

    private volatile Generation current;
    private double opsPerSecond;
    private long asked;
    private long answered;
    private long lost;

    /** What the process holds while it works. */
    private record Usage(long heapMegabytes, long residentMegabytes, int threads) {
        static Usage now() throws IOException {
            System.gc();
            return new Usage(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE,
                    resident(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        /** 0 where the operating system does not tell. */
        private static long resident() throws IOException {
            Path status = Path.of("/proc/self/status");
            return !Files.exists(status)
                    ? 0
                    : Files.readAllLines(status).stream()
                                    .filter(line -> line.startsWith("VmRSS:"))
                                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                    .sum()
                            >> 10;
        }
    }

    private Soak(Duration duration, String model) {
        this.model = model;
        this.period = Duration.ofSeconds(Math.max(10, Math.min(60, duration.toSeconds() / 4)));
        long begin = System.nanoTime();
        try (Device card = Faults.sound();
                Device cpu = Devices.open("cpu", DeviceOptions.none());
                QuestionAnswerer onCard =
                        QuestionAnswerer.builder().model(model).device(card).build();
                QuestionAnswerer onCpu =
                        QuestionAnswerer.builder().model(model).device(cpu).build()) {
            questions = new Questions(onCard, onCpu);
            opsPerSecond = ops(card) / 2e-9 / (System.nanoTime() - begin);
        }
        this.end = System.nanoTime() + duration.toNanos();
    }

    private static double ops(Device card) {
        return Double.parseDouble(card.info().facts().get("ops"));
    }

    /**
     * Soaks.
     *
     * @param arguments the seconds, and the model
     */
    public static void main(String[] arguments) throws Exception {
        Soak soak = new Soak(Duration.ofSeconds(Long.parseLong(arguments[0])), arguments[1]);
        soak.run();
        soak.faults.forEach(fault -> System.out.println("FAULT: " + fault));
        // Threads that hang must not keep the process alive.
        System.exit(soak.faults.isEmpty() ? 0 : 1);
    }

    private void run() throws Exception {
        ScheduledExecutorService interrupter = Executors.newSingleThreadScheduledExecutor();
        ExecutorService platform = Executors.newCachedThreadPool();
        ExecutorService virtual = virtualThreads(platform);
        for (int number = 0; faults.isEmpty() && System.nanoTime() < end; number++) {
            endCurrent();
            // A process may open one card at a time, so this comes when the one before is closed.
            long op = Math.max(500, (long) (opsPerSecond * period.toSeconds() * (0.25 + 0.05 * (number % 7))));
            current = new Generation(model, number % 4 < 2 ? WhenFull.WAIT : WhenFull.REJECT, devices(number, op));
            long begin = System.nanoTime();
            if (number == 0) {
                start(platform, virtual, interrupter);
            }
            watch(begin + period.toNanos());
            if (current.ledger().devicesLost() > 0) {
                opsPerSecond = op / 1e-9 / (current.ledger().lostAt() - begin);
            }
        }
        if (faults.isEmpty()) {
            endCurrent();
        }
        callers.forEach(Caller::stop);
        interrupter.shutdown();
        conclude();
    }

    /** A card that will be lost, and what takes over: one device, or two that share the work. */
    private static List<Device> devices(int number, long op) {
        List<Device> devices = new ArrayList<>(List.of(Faults.doomed(number % 3 == 2, op)));
        for (int i = 0; i <= number % 2; i++) {
            devices.add(Devices.open("cpu", DeviceOptions.none()));
        }
        return devices;
    }

    /** A thread of its own for each task, a virtual one where there are such. */
    private static ExecutorService virtualThreads(ExecutorService otherwise) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            System.out.println("this JVM has no virtual threads; all callers are platform threads");
            return otherwise;
        }
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private void start(ExecutorService platform, ExecutorService virtual, ScheduledExecutorService interrupter) {
        for (int i = 0; i < CALLERS; i++) {
            Caller caller = new Caller(questions, () -> current, interrupter, i);
            callers.add(caller);
            (i % 2 == 0 ? platform : virtual).execute(caller);
        }
    }

    /** Closes the answerer that is being asked, and looks at what became of all that it was asked. */
    private void endCurrent() throws Exception {
        Generation before = current;
        if (before == null) {
            return;
        }
        Duration took = before.close();
        if (took.compareTo(MOST_TO_CLOSE) > 0) {
            faults.add("closing took " + took);
        }
        if (!before.end(STUCK)) {
            faults.add("after closing, a caller has waited for " + STUCK);
            return;
        }
        Ledger ledger = before.ledger();
        faults.addAll(ledger.faults());
        asked += ledger.asked();
        answered += ledger.seen(End.ANSWERED);
        lost += ledger.devicesLost();
        Usage usage = Usage.now();
        usages.add(usage);
        System.out.printf(Locale.ROOT, "%s; closed in %d ms; %s%n", ledger, took.toMillis(), usage);
    }

    /** Looks on until a time, and until a device was lost, as long as all goes well. */
    private void watch(long until) throws InterruptedException {
        while (System.nanoTime() < until || current.ledger().devicesLost() == 0 && System.nanoTime() < end) {
            Thread.sleep(100);
            long now = System.nanoTime();
            for (Caller caller : callers) {
                long since = caller.askingSince();
                if (caller.fault() != null) {
                    faults.add(caller.fault());
                } else if (since != 0 && now - since > STUCK.toNanos()) {
                    faults.add("a caller has waited for " + TimeUnit.NANOSECONDS.toSeconds(now - since) + " s");
                    Thread.getAllStackTraces().forEach((thread, frames) -> {
                        System.out.println(thread);
                        List.of(frames).forEach(frame -> System.out.println("    " + frame));
                    });
                }
            }
            if (!faults.isEmpty()) {
                return;
            }
        }
    }

    private void conclude() {
        if (lost == 0) {
            faults.add("no device was lost");
        }
        if (answered == 0) {
            faults.add("nothing was answered");
        }
        if (usages.size() > 1) {
            Usage first = usages.get(0);
            Usage last = usages.get(usages.size() - 1);
            requireFlat("heap", first.heapMegabytes(), last.heapMegabytes(), 16);
            requireFlat("resident set", first.residentMegabytes(), last.residentMegabytes(), 64);
            requireFlat("threads", first.threads(), last.threads(), 4);
        }
        System.out.printf(
                Locale.ROOT,
                "soak: %d requests, %d answered, %d devices lost, %d answerers closed, %d faults%n",
                asked,
                answered,
                lost,
                usages.size(),
                faults.size());
    }

    private void requireFlat(String what, long first, long last, long slack) {
        if (last > first + slack) {
            faults.add(what + ": " + first + " after the first answerer, " + last + " after the last");
        }
    }
}
