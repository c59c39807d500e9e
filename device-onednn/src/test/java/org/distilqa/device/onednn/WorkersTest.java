package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.distilqa.DeviceException;
import org.distilqa.InvalidModelException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {

    @BeforeAll
    static void load() {
        // The threads set OpenMP's number of threads.
        OneDnnLibrary.acquire();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEachIterationOnceBeforeTheLoopReturns(int threads) {
        Workers workers = new Workers(threads);
        for (int iterations = 0; iterations < 300; iterations++) {
            AtomicIntegerArray calls = new AtomicIntegerArray(iterations + 1);
            workers.forEach(iterations, (index, worker) -> {
                assertThat(worker).isBetween(0, threads - 1);
                calls.incrementAndGet(index);
            });
            for (int i = 0; i < iterations; i++) {
                assertThat(calls.get(i)).isEqualTo(1);
            }
        }
        workers.close();
    }

    @Test
    void handsAFailureOnAnyThreadToTheCallerAndGoesOn() {
        Workers workers = new Workers(3);
        for (int failing = 0; failing < 50; failing++) {
            int bad = failing;
            assertThatThrownBy(() -> workers.forEach(50, (index, worker) -> {
                        if (index == bad) {
                            throw new IllegalStateException("iteration " + index);
                        }
                    }))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("iteration " + bad)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> workers.forEach(9, (index, worker) -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(DeviceException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> workers.forEach(9, (index, worker) -> {
                    throw new InvalidModelException("as it is");
                }))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("as it is");
        AtomicInteger calls = new AtomicInteger();
        workers.forEach(9, (index, worker) -> calls.incrementAndGet());
        assertThat(calls).hasValue(9);
        workers.close();
    }

    @Test
    void givesAnInterruptedCallerItsResultAndLeavesItInterrupted() {
        Workers workers = new Workers(2);
        Thread.currentThread().interrupt();
        AtomicInteger calls = new AtomicInteger();
        workers.forEach(100, (index, worker) -> calls.incrementAndGet());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(100);
        workers.close();
    }

    @Test
    void endsItsThreadsWhenClosed() throws InterruptedException {
        Workers workers = new Workers(4);
        Thread[] seen = new Thread[4];
        workers.forEach(4000, (index, worker) -> seen[worker] = Thread.currentThread());
        workers.close();
        workers.close();
        for (int worker = 1; worker < 4; worker++) {
            if (seen[worker] != null) {
                seen[worker].join(Duration.ofSeconds(30).toMillis());
                assertThat(seen[worker].isAlive()).isFalse();
                assertThat(seen[worker].isDaemon()).isTrue();
            }
        }
    }
}
