package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.distilqa.ClosedException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers who give up, and an answerer that is closed, beside a context of 4,000 sentences, which takes the device many seconds:
 * once both waited for all of it. What happens at once is seen in how many batches the device has run meanwhile.
 */
@Timeout(120)
class CancelAndCloseTest {
    private static final String SENTENCE =
            "The mill was built by Ada Quill in 1912. It stands beside the river and is open"
                    + " to visitors on most days of the year. ";
    private static final QuestionRequest SHORT = QuestionRequest.of("Who built the mill?", SENTENCE);
    private static final QuestionRequest LONG = QuestionRequest.of("Who built the mill?", SENTENCE.repeat(4_000));
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final AtomicInteger batches = new AtomicInteger();
    private final CountDownLatch longIsRead = new CountDownLatch(3);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final QuestionAnswerer qa = QuestionAnswerer.builder()
            .model(QuestionAnswerer.BUNDLED_MODEL)
            .device("cpu")
            .closeTimeout(CLOSE_TIMEOUT)
            .listener(new QuestionAnswererListener() {
                @Override
                public void batchRead(Batch batch) {
                    batches.incrementAndGet();
                    longIsRead.countDown();
                }
            })
            .build();

    @AfterEach
    void close() {
        threads.shutdownNow();
        qa.close();
    }

    /** Lets the device read the long context. Gives what the thread that waits for it gets, and runs at its end. */
    private Future<Prediction> askForLong(Runnable atEnd) throws InterruptedException {
        Future<Prediction> answer = threads.submit(() -> {
            try {
                return qa.predict(LONG);
            } finally {
                atEnd.run();
            }
        });
        assertThat(longIsRead.await(60, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    @Test
    void aCallersThreadIsFreeBeforeTheDeviceHasEndedItsBatch() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Future<Prediction> answer = askForLong(free::countDown);
        int before = batches.get();
        long begin = System.nanoTime();
        answer.cancel(true);
        assertThat(free.await(60, TimeUnit.SECONDS)).isTrue();
        long milliseconds = (System.nanoTime() - begin) / 1_000_000;
        // One may have been at its end as the caller gave up.
        assertThat(batches.get()).isLessThanOrEqualTo(before + 1);
        System.out.println("a caller was free " + milliseconds + " ms after Future.cancel(true)");
        assertThatThrownBy(answer::get).isInstanceOf(CancellationException.class);
        // Nobody waits for the rest, so nobody reads it.
        assertThat(qa.answer(SHORT).get(0).text()).isEqualTo("Ada Quill");
        assertThat(batches.get()).isLessThanOrEqualTo(before + 3);
        assertThat(qa.statistics().pendingWindows()).isZero();
    }

    @Test
    void anInterruptedCallerIsToldSoAndItsFlagStaysSet() throws Exception {
        List<Boolean> flags = new ArrayList<>();
        CountDownLatch free = new CountDownLatch(1);
        Thread[] caller = new Thread[1];
        Future<?> answer = threads.submit(() -> {
            caller[0] = Thread.currentThread();
            try {
                qa.predict(LONG);
            } finally {
                flags.add(Thread.interrupted());
                free.countDown();
            }
        });
        assertThat(longIsRead.await(60, TimeUnit.SECONDS)).isTrue();
        int before = batches.get();
        caller[0].interrupt();
        assertThat(free.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(batches.get()).isLessThanOrEqualTo(before + 1);
        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OperationInterruptedException.class);
        assertThat(flags).containsExactly(true);
    }

    @Test
    void closingUnderLoadEndsWithinItsTimeoutAndLeavesNobodyWaiting() throws Exception {
        List<Future<?>> callers = new ArrayList<>();
        callers.add(askForLong(() -> {}));
        for (int i = 0; i < 16; i++) {
            callers.add(threads.submit(() -> {
                while (true) {
                    assertThat(qa.answer(SHORT).get(0).text()).isEqualTo("Ada Quill");
                }
            }));
        }
        for (int i = 0; i < 4; i++) {
            callers.add(threads.submit(() -> qa.predict(LONG)));
        }
        long begin = System.nanoTime();
        qa.close();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.println("closing under load took " + took.toMillis() + " ms");
        // Far below what reading the rest would take: this machine may be busy with other things.
        assertThat(took).isLessThan(CLOSE_TIMEOUT.plusSeconds(8));
        for (Future<?> caller : callers) {
            assertThatThrownBy(() -> caller.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ClosedException.class);
        }
    }
}
