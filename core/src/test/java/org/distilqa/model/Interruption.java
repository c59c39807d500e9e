package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.distilqa.OperationInterruptedException;

/** Interrupts a thread at a certain moment, and sees what comes of it. */
final class Interruption {
    private Interruption() {}

    /** Asserts that some work, which would go on for ever, ends with the exception and the flag of an interrupt. */
    static void assertEnds(Runnable work, CountDownLatch moment) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        moment.await();
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(OperationInterruptedException.class);
        assertThat(flag).isTrue();
    }
}
