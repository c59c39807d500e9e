package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;
import org.distilqa.execution.RequestLimits;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong around the devices and at the same moment as something else: nobody is left waiting. */
@Timeout(60)
class ServiceFaultsTest {
    private static final QuestionRequest SHORT = QuestionRequest.of("Which?", "one two");
    private static final QuestionRequest LONG = QuestionRequest.of("Which?", "lorem ipsum dolor sit amet ".repeat(100));
    private static final QuestionRequest BOOK = QuestionRequest.of("Which?", "lorem ipsum dolor ".repeat(4_000));

    private static QuestionAnswerer answerer(
            QueueLimits queue, List<OpenDevice> devices, QuestionAnswererListener... listeners) {
        return TestAnswerers.of(devices, new WordTokenizer(), RequestLimits.DEFAULT, queue, listeners);
    }

    /** A device that does not tell what it is once it has run. */
    private static final class SilentDevice extends FakeDevice {
        @Override
        public DeviceInfo info() {
            if (!batchSizes.isEmpty()) {
                throw new IllegalStateException("asked too late");
            }
            return super.info();
        }
    }

    @Test
    void goesOnWithADeviceThatDoesNotTellWhatItIsAnyMore() {
        SilentDevice device = new SilentDevice();
        RecordingListener record = new RecordingListener();
        try (QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, List.of(TestAnswerers.open(device, 4)), record)) {
            answerer.predict(SHORT);
            answerer.predict(LONG);
            device.failure = new DeviceLostException("gone");
            assertThatThrownBy(() -> answerer.predict(SHORT)).isInstanceOf(DeviceLostException.class);
            assertThat(record.lost).containsExactly("fake: gone");
        }
    }

    @Test
    void tellsACallerForWhomNoThreadCouldBeMadeAndKeepsNoRoomForTheRequest() {
        RecordingListener record = new RecordingListener();
        try (QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, List.of(TestAnswerers.open(new FakeDevice(), 4)), record)) {
            for (QuestionRequest request : List.of(BOOK, SHORT.withDeadline(Duration.ofHours(1)))) {
                Throwable failure = withoutNewThreads(() -> answerer.predict(request));
                assertThat(failure)
                        .isExactlyInstanceOf(QuestionAnsweringException.class)
                        .hasMessageContaining("unable to create native thread")
                        .hasCauseInstanceOf(OutOfMemoryError.class);
            }
            assertThat(answerer.statistics().pendingWindows()).isZero();
            assertThat(answerer.predict(BOOK).windows()).isGreaterThan(1);
            assertThat(record.ends()).containsExactly(End.FAILED, End.FAILED, End.ANSWERED);
        }
    }

    /** What is thrown where each thread that the caller's thread makes fails as it is made. */
    private static Throwable withoutNewThreads(ThrowingCallable work) {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>() {
            @Override
            protected String childValue(String value) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        };
        inherited.set("by none");
        try {
            return catchThrowable(work);
        } finally {
            inherited.remove();
        }
    }

    /** A listener all of whose methods fail. */
    private record FaultyListener(Error error) implements QuestionAnswererListener {
        @Override
        public void opened(QuestionAnswerer answerer) {
            throw error;
        }

        @Override
        public void closed(QuestionAnswerer answerer) {
            throw error;
        }

        @Override
        public void batchRead(Batch batch) {
            throw error;
        }

        @Override
        public void requestEnded(Request request) {
            throw new IllegalStateException(error);
        }
    }

    @Test
    void outlivesAListenerThatFailsAndTellsTheNextOne() {
        RecordingListener record = new RecordingListener();
        try (QuestionAnswerer answerer = answerer(
                QueueLimits.DEFAULT,
                List.of(TestAnswerers.open(new FakeDevice(), 4)),
                new FaultyListener(new AssertionError("of a listener")),
                record)) {
            assertThat(answerer.predict(LONG)).isEqualTo(answerer.predict(LONG));
        }
        assertThat(record.opened).hasSize(1);
        assertThat(record.closed).hasSize(1);
        assertThat(record.batches).isNotEmpty();
        assertThat(record.ends()).containsExactly(End.ANSWERED, End.ANSWERED);
    }

    @Test
    void tellsTheCallerAndTheListenerTheSameWhenTheDeadlinePassesAsTheAnswerIsReady() throws Exception {
        Duration deadline = Duration.ofMillis(200);
        List<End> ends = Collections.synchronizedList(new ArrayList<>());
        QuestionAnswererListener listener = new QuestionAnswererListener() {
            @Override
            public void requestEnded(Request request) {
                ends.add(request.end());
                // Until the deadline has passed for certain.
                try {
                    TimeUnit.MILLISECONDS.sleep(2 * deadline.toMillis());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        try (QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, List.of(TestAnswerers.open(new FakeDevice(), 4)), listener)) {
            CompletableFuture<Prediction> future = answerer.predictAsync(SHORT.withDeadline(deadline));
            End seen;
            try {
                future.get();
                seen = End.ANSWERED;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(DeadlineExceededException.class);
                seen = End.EXPIRED;
            }
            assertThat(ends).containsExactly(seen);
        }
    }

    /** Splits no long text until it may, and waits for that when it is closed, as the native tokenizer does. */
    private static final class SlowTokenizer implements Tokenizer {
        private final WordTokenizer words = new WordTokenizer();
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public TokenizedText tokenize(String text) {
            if (text.length() > 50_000) {
                started.countDown();
                Latches.await(mayGoOn);
            }
            return words.tokenize(text);
        }

        @Override
        public int classToken() {
            return words.classToken();
        }

        @Override
        public int separatorToken() {
            return words.separatorToken();
        }

        @Override
        public int vocabularySize() {
            return words.vocabularySize();
        }

        @Override
        public void close() {
            Latches.await(mayGoOn);
            closed.countDown();
        }
    }

    @Test
    void isClosedInTimeAlsoWhileALongTextIsBeingTokenized() {
        SlowTokenizer tokenizer = new SlowTokenizer();
        QuestionAnswerer answerer = TestAnswerers.of(new FakeDevice(), tokenizer, 4, RequestLimits.DEFAULT);
        CompletableFuture<Prediction> book = answerer.predictAsync(BOOK);
        Latches.await(tokenizer.started);
        // Were it to wait for the tokenizer, this test would never come to the next line.
        answerer.close();
        assertThat(book).isCompletedExceptionally();
        assertThat(tokenizer.closed.getCount()).isEqualTo(1);
        tokenizer.mayGoOn.countDown();
        Latches.await(tokenizer.closed);
    }

    @Test
    void answersAQuestionHoweverManyLongTextsAreBeingTokenized() {
        SlowTokenizer tokenizer = new SlowTokenizer();
        try (QuestionAnswerer answerer = TestAnswerers.of(new FakeDevice(), tokenizer, 4, RequestLimits.DEFAULT)) {
            List<CompletableFuture<Prediction>> books = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                books.add(answerer.predictAsync(BOOK));
            }
            Latches.await(tokenizer.started);
            answerer.predict(SHORT);
            assertThatThrownBy(() -> answerer.predict(BOOK.withDeadline(Duration.ofMillis(1))))
                    .isInstanceOf(DeadlineExceededException.class);
            assertThat(books).noneMatch(CompletableFuture::isDone);
            tokenizer.mayGoOn.countDown();
            books.forEach(book -> assertThat(book.join()).isEqualTo(books.get(0).join()));
        }
    }

    /** A device that is lost at one of its runs. */
    private static FakeDevice lostAtRun(int run) {
        return new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                if (batchSizes.size() == run) {
                    failure = new DeviceLostException("lost at run " + run);
                }
                return super.run(batch);
            }
        };
    }

    /** Closes an answerer under callers who wait, cancel, are interrupted and have deadlines, while its devices are lost. */
    @Tag("large")
    @RepeatedTest(40)
    void leavesNobodyWaitingWhateverHappensWhen() throws Exception {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        QueueLimits queue = QueueLimits.DEFAULT
                .withMaxPendingWindows(1 + random.nextInt(40))
                .withWhenFull(random.nextBoolean() ? WhenFull.WAIT : WhenFull.REJECT)
                .withMaxBatchDelay(Duration.ofMillis(random.nextInt(3)));
        QuestionAnswerer answerer = answerer(
                queue,
                List.of(
                        TestAnswerers.open(lostAtRun(random.nextInt(200)), 4),
                        TestAnswerers.open(lostAtRun(random.nextInt(1_000)), 4)));
        ExecutorService callers = Executors.newCachedThreadPool();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Random own = new Random(seed + i);
                all.add(callers.submit(() -> askUntilClosed(answerer, own)));
            }
            Thread.sleep(random.nextInt(60));
            answerer.close();
            for (Future<?> caller : all) {
                assertThat(caller.get(20, TimeUnit.SECONDS)).as("seed %d", seed).isNull();
            }
            assertThat(answerer.statistics().pendingWindows())
                    .as("seed %d", seed)
                    .isZero();
        } finally {
            callers.shutdownNow();
        }
    }

    /** Null, or what no caller should see. */
    private static Throwable askUntilClosed(QuestionAnswerer answerer, Random random) {
        while (true) {
            QuestionRequest request = random.nextInt(4) == 0 ? LONG : SHORT;
            try {
                switch (random.nextInt(4)) {
                    case 0 -> answerer.predict(request);
                    case 1 -> answerer.predict(request.withDeadline(Duration.ofNanos(1 + random.nextInt(2_000_000))));
                    case 2 -> {
                        CompletableFuture<Prediction> future = answerer.predictAsync(request);
                        Thread.sleep(0, random.nextInt(900_000));
                        future.cancel(true);
                    }
                    default ->
                        answerer.answerAllOutcomes(List.of(request, SHORT, LONG)).stream()
                                .flatMap(outcome -> outcome.failure().stream())
                                .filter(ClosedException.class::isInstance)
                                .forEach(failure -> {
                                    throw failure;
                                });
                }
            } catch (ClosedException | DeviceLostException e) {
                return null;
            } catch (OverloadedException | DeadlineExceededException e) {
                Thread.onSpinWait();
            } catch (RuntimeException | InterruptedException e) {
                return e;
            }
        }
    }
}
