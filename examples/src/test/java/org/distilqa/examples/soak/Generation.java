package org.distilqa.examples.soak;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.distilqa.QuestionAnswerer;
import org.distilqa.WhenFull;
import org.distilqa.device.Device;

/** An answerer with the devices that it is given, one of which will be lost, and those who ask it. */
final class Generation {
    static final int MAX_CONTEXT_LENGTH = 100_000;
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final List<Device> devices;
    private final Ledger ledger = new Ledger();
    private final QuestionAnswerer answerer;
    private final AtomicLong askers = new AtomicLong();
    private volatile boolean over;

    Generation(String model, WhenFull whenFull, List<Device> devices) {
        this.devices = devices;
        this.answerer = QuestionAnswerer.builder()
                .model(model)
                .device(devices.get(0), devices.subList(1, devices.size()).toArray(Device[]::new))
                .maxContextLength(MAX_CONTEXT_LENGTH)
                .maxPendingWindows(96)
                .whenFull(whenFull)
                .closeTimeout(CLOSE_TIMEOUT)
                .listener(ledger)
                .build();
    }

    /** Whether one may ask it: each who may says when he is done. */
    boolean enter() {
        askers.incrementAndGet();
        if (over) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        askers.decrementAndGet();
    }

    QuestionAnswerer answerer() {
        return answerer;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Closes the answerer while it is being asked. Gives how long that took. */
    Duration close() {
        long begin = System.nanoTime();
        answerer.close();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Lets nobody ask any more, and waits until those who did have their answers. Whether they have within a time. */
    boolean end(Duration patience) throws InterruptedException {
        over = true;
        long begin = System.nanoTime();
        while (askers.get() > 0) {
            if (System.nanoTime() - begin > patience.toNanos()) {
                return false;
            }
            Thread.sleep(5);
        }
        devices.forEach(Device::close);
        return true;
    }
}
