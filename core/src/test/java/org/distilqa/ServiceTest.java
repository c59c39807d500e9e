package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;
import org.distilqa.execution.RequestLimits;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an answerer does for many callers: in turn, bounded, cancellable, over several devices, and to its end. */
@Timeout(60)
class ServiceTest {
    private static final QuestionRequest SHORT = QuestionRequest.of("Which?", "one two");
    private static final QuestionRequest LONG = QuestionRequest.of("Which?", "lorem ipsum dolor sit amet ".repeat(400));

    private final RecordingListener record = new RecordingListener();
    private final List<QuestionAnswerer> opened = new ArrayList<>();

    private QuestionAnswerer answerer(QueueLimits queue, OpenDevice... devices) {
        QuestionAnswerer answerer =
                TestAnswerers.of(List.of(devices), new WordTokenizer(), RequestLimits.DEFAULT, queue, record);
        opened.add(answerer);
        return answerer;
    }

    private QuestionAnswerer answerer(FakeDevice device, int batchSize) {
        return answerer(QueueLimits.DEFAULT, TestAnswerers.open(device, batchSize));
    }

    @AfterEach
    void closeAll() {
        opened.forEach(QuestionAnswerer::close);
    }

    @Test
    void answersWithoutMakingTheCallerWait() throws Exception {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 4);
        CompletableFuture<List<Answer>> answers = answerer.answerAsync(SHORT);
        device.awaitStart();
        assertThat(answers).isNotDone();
        device.mayRun();
        assertThat(answers.get()).isEqualTo(answerer.answer(SHORT));
    }

    @Test
    void readsAQuestionThatComesBesideALongTextInTheBatchAfterTheOneThatRuns() throws Exception {
        List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayRun = new CountDownLatch(1);
        FakeDevice device = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                lengths.add(batch.maxLength());
                started.countDown();
                Latches.await(mayRun);
                return super.run(batch);
            }
        };
        QuestionAnswerer answerer = answerer(device, 4);
        CompletableFuture<Prediction> book = answerer.predictAsync(LONG);
        Latches.await(started);
        CompletableFuture<Prediction> question = answerer.predictAsync(SHORT);
        mayRun.countDown();
        assertThat(question.get().windows()).isEqualTo(1);
        assertThat(book.get().windows()).isGreaterThan(20);
        assertThat(lengths.subList(0, 3)).containsExactly(TestAnswerers.MAX_POSITIONS, 7, TestAnswerers.MAX_POSITIONS);
    }

    @Test
    void takesTheWindowsOfACancelledRequestOutOfTheQueueAtOnce() {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        CompletableFuture<List<Answer>> answers = answerer.answerAsync(LONG);
        device.awaitStart();
        assertThat(answerer.statistics().pendingWindows()).isGreaterThan(10);
        answers.cancel(true);
        assertThat(answerer.statistics().pendingWindows()).isZero();
        assertThat(record.ends()).containsExactly(End.CANCELLED);
        device.mayRun();
        assertThat(answerer.answer(SHORT)).isNotEmpty();
        assertThat(device.batchSizes).containsExactly(2, 1);
    }

    @Test
    void givesUpARequestThatItsCallersOwnTimeLimitEnded() {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        CompletableFuture<List<Answer>> answers = answerer.answerAsync(LONG);
        device.awaitStart();
        answers.completeExceptionally(new TimeoutException("of the caller"));
        assertThat(answerer.statistics().pendingWindows()).isZero();
        device.mayRun();
    }

    @Test
    void freesAnInterruptedCallerWhileTheDeviceStillRuns() throws Exception {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            Throwable failure = catchThrowable(() -> answerer.predictAll(List.of(LONG, SHORT)));
            thrown.complete(Thread.currentThread().isInterrupted() ? failure : new AssertionError("flag not set"));
        });
        caller.start();
        device.awaitStart();
        caller.interrupt();
        assertThat(thrown.get()).isInstanceOf(OperationInterruptedException.class);
        assertThat(device.batchSizes).isEmpty();
        assertThat(answerer.statistics().pendingWindows()).isZero();
        device.mayRun();
    }

    @Test
    void endsARequestAtItsDeadlineAndComputesNothingMoreOfIt() {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        assertThatThrownBy(() -> answerer.answer(LONG.withDeadline(Duration.ofMillis(50))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("the request was not answered within PT0.05S, its deadline");
        assertThat(answerer.statistics().pendingWindows()).isZero();
        assertThat(record.ends()).containsExactly(End.EXPIRED);
        device.mayRun();
        assertThat(answerer.answer(SHORT.withDeadline(Duration.ofMinutes(1)))).isNotEmpty();
        assertThat(device.batchSizes).containsExactly(2, 1);
    }

    @Test
    void refusesWhatFindsTheQueueFull() throws Exception {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(
                QueueLimits.DEFAULT.withMaxPendingWindows(3).withWhenFull(WhenFull.REJECT),
                TestAnswerers.open(device, 1));
        CompletableFuture<List<Answer>> running = answerer.answerAsync(SHORT);
        device.awaitStart();
        List<CompletableFuture<List<Answer>>> waiting =
                IntStream.range(0, 3).mapToObj(i -> answerer.answerAsync(SHORT)).toList();
        assertThatThrownBy(() -> answerer.answer(SHORT))
                .isInstanceOf(OverloadedException.class)
                .hasMessage("3 windows wait; maxPendingWindows is 3. Come again later");
        waiting.get(1).cancel(true);
        CompletableFuture<List<Answer>> last = answerer.answerAsync(SHORT);
        device.mayRun();
        assertThat(last.get()).isEqualTo(running.get());
        // One that came late may be answered before them.
        assertThat(waiting.get(0).get()).isEqualTo(running.get());
        assertThat(waiting.get(2).get()).isEqualTo(running.get());
        assertThat(answerer.statistics().requests(End.REJECTED)).isEqualTo(1);
        assertThat(answerer.statistics().requests(End.CANCELLED)).isEqualTo(1);
        assertThat(answerer.statistics().questions()).isEqualTo(4);
    }

    @Test
    void letsCallersWaitForRoomAndFreesThemWhenTheyGiveUp() throws Exception {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT.withMaxPendingWindows(1), TestAnswerers.open(device, 1));
        CompletableFuture<List<Answer>> running = answerer.answerAsync(SHORT);
        device.awaitStart();
        CompletableFuture<List<Answer>> waiting = answerer.answerAsync(SHORT);
        assertThatThrownBy(() -> answerer.answer(SHORT.withDeadline(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceededException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> answerer.answer(SHORT)).isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        CompletableFuture<List<Answer>> patient =
                CompletableFuture.supplyAsync(() -> answerer.answer(SHORT), ServiceTest::inItsOwnThread);
        device.mayRun();
        assertThat(patient.get()).isEqualTo(waiting.get()).isEqualTo(running.get());
    }

    @Test
    void answersListsAndStreamsThatAreLongerThanTheQueueWhateverHappensWhenItIsFull() {
        for (WhenFull policy : WhenFull.values()) {
            QuestionAnswerer answerer = answerer(
                    QueueLimits.DEFAULT.withMaxPendingWindows(2).withWhenFull(policy),
                    TestAnswerers.open(new FakeDevice(), 4));
            assertThat(answerer.answerAllOutcomes(requests(100))).allMatch(Outcome::isAnswered);
        }
    }

    @Test
    void waitsForCompanyAsLongAsItWasTold() {
        FakeDevice device = new FakeDevice();
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT.withMaxBatchDelay(Duration.ofSeconds(30)), TestAnswerers.open(device, 3));
        List<CompletableFuture<List<Answer>>> answers =
                IntStream.range(0, 3).mapToObj(i -> answerer.answerAsync(SHORT)).toList();
        answers.forEach(CompletableFuture::join);
        assertThat(device.batchSizes).containsExactly(3);
        QuestionAnswerer hasty =
                answerer(QueueLimits.DEFAULT.withMaxBatchDelay(Duration.ofMillis(1)), TestAnswerers.open(device, 3));
        assertThat(hasty.answer(SHORT)).isNotEmpty();
    }

    @Test
    void failsTheBadRequestOfABatchAlone() {
        FakeDevice picky = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.length(i) == 11) {
                        throw new InvalidRequestException("token id 99 is not in the model's vocabulary");
                    }
                }
                return super.run(batch);
            }
        };
        QuestionAnswerer answerer = answerer(picky, 8);
        QuestionRequest bad = QuestionRequest.of("Which?", "one two three four five");
        List<Outcome> outcomes = answerer.answerAllOutcomes(List.of(SHORT, SHORT, bad, SHORT, bad));
        assertThat(outcomes).extracting(Outcome::isAnswered).containsExactly(true, true, false, true, false);
        // The caller's words were right; that the device refuses their tokens is no fault of the caller.
        assertThat(outcomes.get(2).failure()).get().isInstanceOf(DeviceException.class);
        assertThat(outcomes.get(2).failure().orElseThrow())
                .isNotSameAs(outcomes.get(4).failure().orElseThrow());
        assertThatThrownBy(outcomes.get(2)::answers).hasMessageContaining("token id 99");
    }

    @Test
    void tellsEachCallerOfAFailureInAnExceptionOfItsOwn() {
        FakeDevice broken = new FakeDevice();
        broken.failure = new DeviceException("out of cheese");
        QuestionAnswerer answerer = answerer(broken, 8);
        Set<Throwable> failures = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Outcome outcome : answerer.answerAllOutcomes(Collections.nCopies(20, SHORT))) {
            failures.add(outcome.failure().orElseThrow());
        }
        assertThat(failures).hasSize(20).hasOnlyElementsOfType(DeviceException.class);
    }

    @Test
    void givesTheFailureOfEachRequestThatFailsAndAnswersTheOthers() {
        QuestionAnswerer answerer = answerer(new FakeDevice(), 4);
        QuestionRequest tooLongAWindow = SHORT.withMaxSequenceLength(4000);
        List<Outcome> outcomes = answerer.answerAllOutcomes(List.of(SHORT, tooLongAWindow, LONG));
        assertThat(outcomes).extracting(Outcome::isAnswered).containsExactly(true, false, true);
        assertThat(outcomes.get(0).answers()).isEqualTo(answerer.answer(SHORT));
        assertThat(outcomes.get(1).failure()).get().isInstanceOf(InvalidRequestException.class);
        assertThat(outcomes.get(1).request()).isSameAs(tooLongAWindow);
        assertThatThrownBy(() -> answerer.predictAll(List.of(SHORT, tooLongAWindow)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("maxSequenceLength");
    }

    /** A device that is lost in its third run. */
    private static FakeDevice mortal(String name, RuntimeException death) {
        return new FakeDevice() {
            @Override
            public DeviceInfo info() {
                return new DeviceInfo(name, "dies young", 4, Map.of());
            }

            @Override
            public Logits run(TokenBatch batch) {
                if (batchSizes.size() >= 2) {
                    throw death;
                }
                return super.run(batch);
            }
        };
    }

    @Test
    void handsTheWorkOfALostDeviceToItsFallBack() {
        List<QuestionRequest> requests = requests(500);
        List<List<Answer>> expected = answerer(new FakeDevice(), 4).answerAll(requests);
        record.batches.clear();
        FakeDevice card = mortal("card", new DeviceLostException("the card was lost"));
        FakeDevice fallBack = new FakeDevice();
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, TestAnswerers.open(card, 4), TestAnswerers.open(fallBack, 4));
        assertThat(answerer.answerAll(requests)).isEqualTo(expected);
        assertThat(card.batchSizes).hasSize(2);
        assertThat(fallBack.batchSizes).isNotEmpty();
        assertThat(record.lost).containsExactly("card: the card was lost");
        assertThat(record.batches.get(0).device()).isEqualTo("card");
        assertThat(record.batches.get(record.batches.size() - 1).device()).isEqualTo("fake");
        assertThat(answerer.devices()).extracting(DeviceInfo::name).containsExactly("card", "fake");
    }

    @Test
    void countsADeviceAsLostThatFailsAgainAndAgainIfThereIsAnother() {
        FakeDevice card = mortal("card", new IllegalStateException("bus error"));
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, TestAnswerers.open(card, 4), TestAnswerers.open(new FakeDevice(), 4));
        assertThat(answerer.answerAllOutcomes(requests(60))).allMatch(Outcome::isAnswered);
        Latches.await(() -> !record.lost.isEmpty());
        assertThat(record.lost).singleElement().asString().contains("bus error");
    }

    @Test
    void leavesTheFallBackIdleAsLongAsThereIsABetterDevice() {
        FakeDevice card = mortal("card", new IllegalStateException("never"));
        FakeDevice fallBack = new FakeDevice();
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT, TestAnswerers.open(card, 1), TestAnswerers.open(fallBack, 4));
        answerer.answer(SHORT);
        answerer.answer(SHORT);
        assertThat(fallBack.batchSizes).isEmpty();
    }

    @Test
    void failsEverythingWhenTheLastDeviceIsLost() throws Exception {
        CountDownLatch twoAnswered = new CountDownLatch(2);
        FakeDevice card = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                if (batchSizes.size() == 2) {
                    Latches.await(twoAnswered);
                    throw new DeviceLostException("the card was lost");
                }
                return super.run(batch);
            }
        };
        QuestionAnswerer answerer = answerer(card, 1);
        List<CompletableFuture<Prediction>> predictions = Stream.generate(() -> answerer.predictAsync(SHORT))
                .limit(20)
                .peek(prediction -> prediction.thenRun(twoAnswered::countDown))
                .toList();
        List<Throwable> failures = predictions.stream()
                .map(prediction -> catchThrowable(prediction::get))
                .filter(Objects::nonNull)
                .map(Throwable::getCause)
                .toList();
        assertThat(failures)
                .hasSize(18)
                .hasOnlyElementsOfType(DeviceLostException.class)
                .doesNotHaveDuplicates();
        assertThatThrownBy(() -> answerer.answer(SHORT))
                .isInstanceOf(DeviceLostException.class)
                .hasMessage("the card was lost");
        assertThat(card.batchSizes).hasSize(2);
    }

    @Test
    void sharesTheWorkAmongDevicesOfOneName() throws Exception {
        CountDownLatch bothRun = new CountDownLatch(2);
        class Meeting extends FakeDevice {
            @Override
            public Logits run(TokenBatch batch) {
                bothRun.countDown();
                Latches.await(bothRun);
                return super.run(batch);
            }
        }
        QuestionAnswerer answerer = answerer(
                QueueLimits.DEFAULT, TestAnswerers.open(new Meeting(), 1), TestAnswerers.open(new Meeting(), 1));
        List<QuestionRequest> requests = requests(20);
        assertThat(answerer.answerAll(requests))
                .isEqualTo(answerer(new FakeDevice(), 4).answerAll(requests));
    }

    @Test
    void streamsOutcomesInTheOrderOfTheRequestsAndOtherwiseAsTheyAreReady() {
        FakeDevice unhurried = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                LockSupport.parkNanos(1_000_000);
                return super.run(batch);
            }
        };
        QuestionAnswerer answerer = answerer(unhurried, 4);
        List<QuestionRequest> requests = new ArrayList<>(List.of(LONG));
        requests.addAll(requests(200));
        List<Outcome> inOrder = answerer.answerStream(requests.stream()).toList();
        assertThat(inOrder).extracting(Outcome::request).isEqualTo(requests);
        List<Outcome> asReady =
                answerer.answerStream(requests.stream().unordered()).toList();
        assertThat(asReady).extracting(Outcome::request).containsExactlyInAnyOrderElementsOf(requests);
        assertThat(asReady.get(0).request()).isNotSameAs(LONG);
        assertThat(asReady)
                .allSatisfy(outcome -> assertThat(outcome.answers())
                        .isEqualTo(
                                inOrder.get(requests.indexOf(outcome.request())).answers()));
    }

    @Test
    void takesFromALongStreamNoMoreThanItHasUnderWay() {
        QuestionAnswerer answerer = answerer(new FakeDevice(), 4);
        AtomicInteger taken = new AtomicInteger();
        Stream<QuestionRequest> endless = Stream.generate(() -> {
            taken.incrementAndGet();
            return SHORT;
        });
        AtomicInteger closed = new AtomicInteger();
        try (Stream<Outcome> outcomes = answerer.answerStream(endless.onClose(closed::incrementAndGet))) {
            assertThat(outcomes.limit(3000).filter(Outcome::isAnswered).count()).isEqualTo(3000);
        }
        assertThat(taken.get()).isBetween(3000, 4100);
        assertThat(closed).hasValue(1);
        assertThat(answerer.statistics().pendingWindows()).isZero();
    }

    @Test
    void refusesANullInAStreamAndTellsHowManyOutcomesAreLeft() {
        QuestionAnswerer answerer = answerer(new FakeDevice(), 4);
        Stream<Outcome> outcomes = answerer.answerStream(Stream.of(SHORT, null));
        assertThatThrownBy(outcomes::toList)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("one of the requests is null");
        assertThatThrownBy(() -> answerer.answerStream(null)).isInstanceOf(InvalidRequestException.class);
        Spliterator<Outcome> left =
                answerer.answerStream(List.of(SHORT, SHORT, SHORT).stream()).spliterator();
        assertThat(left.estimateSize()).isEqualTo(3);
        left.tryAdvance(outcome -> assertThat(outcome.isAnswered()).isTrue());
        assertThat(left.estimateSize()).isEqualTo(2);
        assertThat(answerer.statistics().pendingWindows()).isZero();
    }

    @Test
    void endsAStreamWhoseReaderIsInterrupted() {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 1);
        for (Stream<QuestionRequest> requests :
                List.of(Stream.of(SHORT, SHORT), Stream.of(SHORT, SHORT).unordered())) {
            try (Stream<Outcome> outcomes = answerer.answerStream(requests)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(outcomes::toList).isInstanceOf(OperationInterruptedException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
        }
        assertThat(answerer.statistics().pendingWindows()).isZero();
        device.mayRun();
    }

    @Test
    void answersWhatIsUnderWayWhenItIsClosedAndRefusesWhatIsNew() throws Exception {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        CompletableFuture<List<Answer>> underWay = answerer.answerAsync(LONG);
        device.awaitStart();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(answerer::close, ServiceTest::inItsOwnThread);
        Throwable refused;
        do {
            refused = catchThrowable(() -> answerer.answerAsync(SHORT).get(1, TimeUnit.MILLISECONDS));
        } while (!(refused instanceof ExecutionException));
        assertThat(refused).hasCauseInstanceOf(ClosedException.class);
        device.mayRun();
        assertThat(underWay.get()).isNotEmpty();
        closing.get();
        assertThat(device.closings).hasValue(1);
        assertThatThrownBy(() -> answerer.answer(SHORT)).isInstanceOf(ClosedException.class);
    }

    @Test
    void leavesNobodyWaitingWhenClosingTakesTooLong() {
        SlowDevice device = new SlowDevice();
        QuestionAnswerer answerer = answerer(device, 2);
        CompletableFuture<List<Answer>> running = answerer.answerAsync(SHORT);
        device.awaitStart();
        CompletableFuture<List<Answer>> waiting = answerer.answerAsync(LONG);
        answerer.close();
        for (CompletableFuture<List<Answer>> answers : List.of(running, waiting)) {
            assertThatThrownBy(answers::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ClosedException.class)
                    .hasMessageContaining("closeTimeout");
        }
        assertThat(device.closings).hasValue(0);
        assertThat(record.ends()).containsExactly(End.CLOSED, End.CLOSED);
        device.mayRun();
        // The device's own thread closes it when its run ends.
        Latches.await(() -> device.closings.get() == 1);
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        QuestionAnswerer answerer = answerer(new FakeDevice(), 2);
        answerer.answerAsync(LONG).get();
        answerer.answer(SHORT.withDeadline(Duration.ofHours(1)));
        answerer.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("distilqa-"))
                .isSubsetOf(before);
    }

    @Test
    void canBeClosedByWhatDependsOnAnAnswer() throws Exception {
        QuestionAnswerer answerer = answerer(new FakeDevice(), 2);
        CompletableFuture<Void> closed = answerer.answerAsync(LONG).thenAccept(answers -> answerer.close());
        closed.get();
        assertThatThrownBy(() -> answerer.answer(SHORT)).isInstanceOf(ClosedException.class);
    }

    @Test
    void tellsAListenerOfBatchesAndRequests() {
        FakeDevice device = new FakeDevice();
        QuestionAnswerer answerer = answerer(device, 4);
        Prediction prediction = answerer.predict(LONG);
        assertThatThrownBy(() -> answerer.answer(SHORT.withMaxSequenceLength(4000)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(record.ends()).containsExactly(End.ANSWERED, End.INVALID);
        QuestionAnswererListener.Request answered = record.requests.get(0);
        assertThat(answered.windows()).isEqualTo(prediction.windows());
        assertThat(answered.took()).isGreaterThan(answered.waited());
        assertThat(answered.waited()).isPositive();
        assertThat(record.batches).hasSameSizeAs(device.batchSizes);
        assertThat(record.batches).allSatisfy(batch -> {
            assertThat(batch.failure()).isEmpty();
            assertThat(batch.ran()).isPositive();
            assertThat(batch.tokens()).isBetween((long) batch.longest(), (long) batch.longest() * batch.windows());
        });
        assertThat(record.batches.get(0).pendingWindows()).isPositive();
    }

    @Tag("large")
    @Test
    void losesNothingAndAnswersNothingTwiceUnderCancellationsDeadlinesAndFailures() throws Exception {
        FakeDevice flaky = new FakeDevice() {
            private final AtomicInteger runs = new AtomicInteger();

            @Override
            public Logits run(TokenBatch batch) {
                if (runs.incrementAndGet() % 17 == 0 && batch.size() > 1) {
                    throw new DeviceException("a hiccup");
                }
                return super.run(batch);
            }
        };
        QuestionAnswerer answerer =
                answerer(QueueLimits.DEFAULT.withMaxPendingWindows(50), TestAnswerers.open(flaky, 4));
        List<QuestionRequest> requests = requests(40);
        List<Prediction> expected = answerer(new FakeDevice(), 4).predictAll(requests);
        Set<Integer> ended = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        int callers = 16;
        int rounds = 150;
        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            int first = caller * rounds;
            Thread thread = new Thread(() -> {
                Random random = new Random(first);
                for (int round = 0; round < rounds; round++) {
                    int number = first + round;
                    int which = random.nextInt(requests.size());
                    QuestionRequest request = random.nextInt(5) == 0
                            ? requests.get(which).withDeadline(Duration.ofNanos(1 + random.nextInt(3_000_000)))
                            : requests.get(which);
                    CompletableFuture<Prediction> prediction = answerer.predictAsync(request);
                    CompletableFuture<Void> told = prediction.handle((found, failure) -> {
                        twice.addAndGet(ended.add(number) ? 0 : 1);
                        boolean right = failure == null
                                ? found.equals(expected.get(which))
                                : failure instanceof DeadlineExceededException
                                        || failure instanceof CancellationException;
                        wrong.addAndGet(right ? 0 : 1);
                        return null;
                    });
                    if (random.nextInt(4) == 0) {
                        prediction.cancel(true);
                    }
                    told.join();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ended).hasSize(callers * rounds);
        assertThat(twice).hasValue(0);
        assertThat(wrong).hasValue(0);
        assertThat(answerer.statistics().pendingWindows()).isZero();
    }

    private static List<QuestionRequest> requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> QuestionRequest.of(
                        "Which word is number " + i + "?", "lorem ipsum dolor sit amet ".repeat(1 + i % 17) + i))
                .toList();
    }

    /** The pool that is common to all may have one thread, which others wait for: the HTTP client of JDK 25 does. */
    private static void inItsOwnThread(Runnable task) {
        new Thread(task).start();
    }
}
