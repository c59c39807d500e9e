package org.distilqa.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.distilqa.CapturedLog;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.Latches;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.WhenFull;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of requests, by devices whose runs a test holds: so each thing happens when it is said to. */
@Timeout(60)
class SchedulerTest {
    private static final int LONGEST = 64;
    private static final Duration SOON = Duration.ofMillis(40);

    /** As long as nanoseconds can say. */
    private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

    private final HeldDevice device = new HeldDevice("card");
    private final HeldDevice other = new HeldDevice("cpu");
    private final Record record = new Record();
    private final List<Scheduler> opened = new ArrayList<>();

    /** What a listener was told. */
    private static final class Record implements QuestionAnswererListener {
        final List<Batch> batches = Collections.synchronizedList(new ArrayList<>());
        final List<String> lost = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void batchRead(Batch batch) {
            batches.add(batch);
        }

        @Override
        public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
            lost.add(device.name() + ": " + failure.getMessage());
        }
    }

    /** A request of sequences of so many tokens, each a number of its own again and again. */
    private static final class Request extends Ticket {
        final List<Sequence> sequences;
        final AtomicInteger timesTold = new AtomicInteger();
        final CompletableFuture<Void> told = new CompletableFuture<>();

        /** How often there is too little memory for what it is told. */
        final AtomicInteger shortOfMemory = new AtomicInteger();

        Request(int... numbers) {
            sequences = Arrays.stream(numbers).mapToObj(Request::sequence).toList();
        }

        /** The larger the number, the longer; all of like length. */
        private static Sequence sequence(int number) {
            int[] ids = new int[number + 10];
            Arrays.fill(ids, number);
            return new Sequence(ids, 1);
        }

        @Override
        protected List<Sequence> toRead() {
            return sequences;
        }

        @Override
        protected void read() {
            requireMemory();
            timesTold.incrementAndGet();
            told.complete(null);
        }

        @Override
        protected void failed(QuestionAnsweringException failure) {
            requireMemory();
            timesTold.incrementAndGet();
            told.completeExceptionally(failure);
        }

        private void requireMemory() {
            if (shortOfMemory.getAndDecrement() > 0) {
                throw new OutOfMemoryError("of a request");
            }
        }

        Throwable failure() {
            return catchThrowable(() -> told.get(30, TimeUnit.SECONDS)).getCause();
        }

        void assertRead() throws Exception {
            told.get(30, TimeUnit.SECONDS);
            for (Sequence sequence : sequences) {
                float[] expected = new float[sequence.length()];
                Arrays.fill(expected, sequence.ids()[0]);
                assertThat(sequence.startLogits()).containsExactly(expected);
                Arrays.fill(expected, -sequence.ids()[0]);
                assertThat(sequence.endLogits()).containsExactly(expected);
            }
            assertThat(timesTold).hasValue(1);
        }
    }

    private Scheduler scheduler(QueueLimits limits, OpenDevice... devices) {
        Scheduler scheduler = new Scheduler(List.of(devices), LONGEST, limits, record);
        opened.add(scheduler);
        return scheduler;
    }

    private Scheduler scheduler(OpenDevice... devices) {
        return scheduler(QueueLimits.DEFAULT, devices);
    }

    /** Admits a request and lets it wait for its turn. */
    private static Request ask(Scheduler scheduler, int... numbers) {
        Request request = new Request(numbers);
        scheduler.admit(request, 1);
        scheduler.enqueue(List.of(request));
        return request;
    }

    /** A request of one sequence that the first device could not read, so that another is to. */
    private Request askInVain(Scheduler scheduler, int number) throws InterruptedException {
        Request request = ask(scheduler, number);
        assertThat(device.awaitRun()).containsExactly(number);
        device.fail(new DeviceException("of the card"));
        return request;
    }

    @AfterEach
    void close() {
        for (HeldDevice held : List.of(device, other)) {
            held.closeFailure = null;
        }
        opened.forEach(scheduler -> scheduler.close(Duration.ZERO));
        // What still runs must end.
        for (int i = 0; i < 10; i++) {
            device.succeed();
            other.succeed();
        }
    }

    @Test
    void tellsARequestOnceWhenAllOfItWasReadHoweverManyBatchesThatTakes() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        Request request = ask(scheduler, 1, 3, 2);
        // The longest first.
        assertThat(device.awaitRun()).containsExactly(3, 2);
        device.succeed();
        assertThat(device.awaitRun()).containsExactly(1);
        assertThat(request.told).isNotDone();
        device.succeed();
        request.assertRead();
        scheduler.withdraw(request);
        assertThat(scheduler.pendingWindows()).isZero();
    }

    @Test
    void tellsARequestWhenTheLastOfTheDevicesThatReadItIsReady() throws Exception {
        HeldDevice second = new HeldDevice("card");
        Scheduler scheduler = scheduler(device.open(1), second.open(1));
        Request request = ask(scheduler, 1, 2);
        int atFirst = device.awaitRun().get(0);
        assertThat(second.awaitRun()).containsExactly(3 - atFirst);
        device.succeed();
        Latches.await(() -> request.sequences.get(atFirst - 1).startLogits() != null);
        assertThat(request.told).isNotDone();
        second.succeed();
        request.assertRead();
    }

    @Test
    void readsARequestAsOftenAsItGivesSomething() throws Exception {
        Scheduler scheduler = scheduler(device.open(4));
        Request request = ask(scheduler, 1, 2);
        device.awaitRun();
        device.succeed();
        request.assertRead();
        scheduler.enqueue(List.of(request));
        assertThat(device.awaitRun()).containsExactly(2, 1);
        device.succeed();
        Latches.await(() -> request.timesTold.get() == 2);
    }

    @Test
    void letsRequestsThatComeTogetherShareABatch() throws Exception {
        Scheduler scheduler = scheduler(device.open(4));
        List<Request> requests = List.of(new Request(1), new Request(2), new Request(3));
        requests.forEach(request -> scheduler.admit(request, 1));
        scheduler.enqueue(requests);
        assertThat(device.awaitRun()).containsExactlyInAnyOrder(1, 2, 3);
        device.succeed();
        for (Request request : requests) {
            request.assertRead();
        }
    }

    @Test
    void countsAnEstimateUntilTheWindowsAreKnownAndNothingThatADeviceHas() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        ask(scheduler, 9);
        device.awaitRun();
        assertThat(scheduler.pendingWindows()).isZero();
        Request request = new Request(1, 2, 3);
        scheduler.admit(request, 5);
        assertThat(scheduler.pendingWindows()).isEqualTo(5);
        scheduler.enqueue(List.of(request));
        assertThat(scheduler.pendingWindows()).isEqualTo(3);
        device.succeed();
        device.awaitRun();
        assertThat(scheduler.pendingWindows()).isEqualTo(1);
        scheduler.withdraw(request);
        scheduler.withdraw(request);
        assertThat(scheduler.pendingWindows()).isZero();
        device.succeed();
        Latches.await(() -> record.batches.size() == 2);
        assertThat(request.timesTold).hasValue(0);
    }

    @Test
    void admitsRequestsAsLongAsFewerWindowsWaitThanTheLimit() throws Exception {
        Scheduler scheduler =
                scheduler(QueueLimits.DEFAULT.withMaxPendingWindows(3).withWhenFull(WhenFull.REJECT), device.open(1));
        Request first = new Request(1);
        Request second = new Request(2);
        assertThat(scheduler.tryAdmit(first, 2)).isTrue();
        assertThat(scheduler.tryAdmit(second, 1)).isTrue();
        assertThat(scheduler.pendingWindows()).isEqualTo(3);
        Request third = new Request(3);
        assertThat(scheduler.tryAdmit(third, 1)).isFalse();
        assertThatThrownBy(() -> scheduler.admit(third, 1))
                .isInstanceOf(OverloadedException.class)
                .hasMessage("3 windows wait; maxPendingWindows is 3. Come again later");
        assertThat(scheduler.pendingWindows()).isEqualTo(3);
        scheduler.withdraw(second);
        assertThat(scheduler.tryAdmit(third, 1)).isTrue();
        scheduler.enqueue(List.of(first, second));
        assertThat(device.awaitRun()).containsExactly(1);
        assertThat(scheduler.pendingWindows()).isEqualTo(1);
        device.succeed();
        first.assertRead();
        assertThat(second.timesTold).hasValue(0);
    }

    /** What ends the waiting for room. */
    private enum Relief {
        A_DEVICE_TAKES_A_BATCH,
        ANOTHER_WITHDRAWS,
        IT_WITHDRAWS_ITSELF,
        ALL_IS_CLOSED,
        THE_LAST_DEVICE_IS_LOST,
        AN_INTERRUPT
    }

    @ParameterizedTest
    @EnumSource
    void waitsForRoomUntilThereIsSomeOrNothingToWaitForAnyMore(Relief relief) throws Exception {
        Scheduler scheduler = scheduler(QueueLimits.DEFAULT.withMaxPendingWindows(1), device.open(1));
        ask(scheduler, 1);
        device.awaitRun();
        Request inTheQueue = ask(scheduler, 2);
        Request waiting = new Request(3);
        FutureTask<Boolean> admission = new FutureTask<>(() -> {
            try {
                scheduler.admit(waiting, 1);
                return true;
            } catch (OperationInterruptedException e) {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                throw e;
            }
        });
        Thread thread = new Thread(admission);
        long begin = System.nanoTime();
        thread.start();
        Latches.awaitWaiting(thread);
        assertThat(waiting.waited()).isZero();
        switch (relief) {
            case A_DEVICE_TAKES_A_BATCH -> device.succeed();
            case ANOTHER_WITHDRAWS -> scheduler.withdraw(inTheQueue);
            case IT_WITHDRAWS_ITSELF -> scheduler.withdraw(waiting);
            case ALL_IS_CLOSED -> new Thread(() -> scheduler.close(NEVER)).start();
            case THE_LAST_DEVICE_IS_LOST -> device.fail(new DeviceLostException("gone"));
            case AN_INTERRUPT -> thread.interrupt();
            default -> throw new AssertionError(relief);
        }
        Throwable failure = catchThrowable(() -> admission.get(30, TimeUnit.SECONDS));
        Class<? extends Throwable> expected = switch (relief) {
            case ALL_IS_CLOSED -> ClosedException.class;
            case THE_LAST_DEVICE_IS_LOST -> DeviceLostException.class;
            case AN_INTERRUPT -> OperationInterruptedException.class;
            default -> null;
        };
        if (expected == null) {
            assertThat(failure).isNull();
            assertThat(waiting.waited()).isPositive().isLessThan(Duration.ofNanos(System.nanoTime() - begin));
        } else {
            assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(expected);
        }
        if (relief == Relief.IT_WITHDRAWS_ITSELF) {
            // It takes no place.
            assertThat(scheduler.pendingWindows()).isEqualTo(1);
        } else if (relief == Relief.ALL_IS_CLOSED) {
            device.succeed();
            assertThat(device.awaitRun()).containsExactly(2);
            device.succeed();
            scheduler.withdraw(inTheQueue);
        }
    }

    @Test
    void admitsAllForWhomThereIsRoomOnceADeviceHasTakenABatch() throws Exception {
        Scheduler scheduler = scheduler(QueueLimits.DEFAULT.withMaxPendingWindows(2), device.open(2));
        ask(scheduler, 1);
        device.awaitRun();
        ask(scheduler, 2, 3);
        List<FutureTask<Void>> admissions = new ArrayList<>();
        for (int i = 4; i <= 5; i++) {
            Request request = new Request(i);
            // None of them leaves the queue, so that nobody but the one before it says that there is room.
            FutureTask<Void> admission = new FutureTask<>(() -> scheduler.admit(request, 1), null);
            Thread thread = new Thread(admission);
            thread.start();
            Latches.awaitWaiting(thread);
            admissions.add(admission);
        }
        device.succeed();
        assertThat(device.awaitRun()).containsExactly(3, 2);
        for (FutureTask<Void> admission : admissions) {
            admission.get(30, TimeUnit.SECONDS);
        }
        assertThat(scheduler.pendingWindows()).isEqualTo(2);
    }

    @Test
    void countsHowLongARequestHasWaitedThatWithdrawsBeforeItIsRead() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        ask(scheduler, 1);
        device.awaitRun();
        Request waiting = ask(scheduler, 2);
        Duration forRoom = waiting.waited();
        scheduler.withdraw(waiting);
        Duration all = waiting.waited();
        assertThat(all).isGreaterThan(forRoom);
        scheduler.withdraw(waiting);
        assertThat(waiting.waited()).isEqualTo(all);
    }

    @Test
    void givesADeviceTheTokensAndWhereTheSecondSegmentsBegin() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        ask(scheduler, 1, 2);
        device.awaitRun();
        assertThat(device.given.size()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            assertThat(device.given.length(i)).isEqualTo(12 - i);
            assertThat(device.given.token(i, 11 - i)).isEqualTo(2 - i);
            assertThat(device.given.secondSegment(i)).isEqualTo(1);
        }
    }

    @Test
    void waitsForCompanyUntilABatchIsFullOrAllIsClosed() throws Exception {
        Scheduler scheduler = scheduler(QueueLimits.DEFAULT.withMaxBatchDelay(NEVER), device.open(2));
        Request first = ask(scheduler, 1);
        assertThat(device.staysIdle()).isTrue();
        Request second = ask(scheduler, 2);
        assertThat(device.awaitRun()).containsExactlyInAnyOrder(1, 2);
        device.succeed();
        first.assertRead();
        second.assertRead();
        scheduler.withdraw(first);
        scheduler.withdraw(second);
        Request last = ask(scheduler, 3);
        assertThat(device.staysIdle()).isTrue();
        FutureTask<Void> closing = new FutureTask<>(() -> scheduler.close(NEVER), null);
        new Thread(closing).start();
        assertThat(device.awaitRun()).containsExactly(3);
        device.succeed();
        last.assertRead();
        scheduler.withdraw(last);
        closing.get(30, TimeUnit.SECONDS);
    }

    @Test
    void waitsForCompanyNoLongerThanItWasTold() throws Exception {
        Scheduler scheduler = scheduler(QueueLimits.DEFAULT.withMaxBatchDelay(SOON), device.open(2));
        for (int i = 1; i <= 2; i++) {
            long begin = System.nanoTime();
            Request request = ask(scheduler, i);
            assertThat(device.awaitRun()).containsExactly(i);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SOON);
            device.succeed();
            request.assertRead();
            assertThat(request.waited()).isGreaterThanOrEqualTo(SOON);
        }
    }

    @Test
    void tellsAListenerOfEachBatch() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        ask(scheduler, 9);
        device.awaitRun();
        ask(scheduler, 3, 5, 4);
        device.fail(new DeviceException("a hiccup"));
        device.awaitRun();
        device.succeed();
        Latches.await(() -> record.batches.size() == 2);
        QuestionAnswererListener.Batch failed = record.batches.get(0);
        assertThat(failed.failure()).get().isInstanceOf(DeviceException.class);
        assertThat(failed.pendingWindows()).isEqualTo(3);
        QuestionAnswererListener.Batch batch = record.batches.get(1);
        assertThat(batch.device()).isEqualTo("card");
        assertThat(batch.failure()).isEqualTo(Optional.empty());
        assertThat(batch.windows()).isEqualTo(2);
        assertThat(batch.tokens()).isEqualTo(15 + 14);
        assertThat(batch.longest()).isEqualTo(15);
        assertThat(batch.ran()).isPositive().isLessThan(Duration.ofSeconds(60));
        assertThat(batch.pendingWindows()).isEqualTo(1);
    }

    @Test
    void triesEachSequenceOfABatchThatFailedAloneAndTellsARequestOnceOfAllItsFailures() throws Exception {
        Scheduler scheduler = scheduler(device.open(4));
        Request blocking = ask(scheduler, 9);
        device.awaitRun();
        Request bad = new Request(3, 2);
        Request good = new Request(1);
        List.of(bad, good).forEach(request -> scheduler.admit(request, 1));
        scheduler.enqueue(List.of(bad, good));
        device.succeed();
        blocking.assertRead();
        assertThat(device.awaitRun()).hasSize(3);
        device.fail(new DeviceException("of the batch"));
        for (int i = 0; i < 3; i++) {
            List<Integer> alone = device.awaitRun();
            assertThat(alone).hasSize(1);
            if (alone.contains(1)) {
                device.succeed();
                good.assertRead(); // At once, while what is left of the batch is tried.
            } else {
                device.fail(new DeviceException("of " + alone.get(0)));
            }
        }
        assertThat(bad.failure()).isInstanceOf(DeviceException.class).hasMessageStartingWith("of ");
        assertThat(bad.timesTold).hasValue(1);
        assertThat(record.lost).isEmpty();
    }

    @Test
    void readsNoMoreOfARequestThatFailed() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Request failed = ask(scheduler, 1, 2);
        assertThat(device.awaitRun()).containsExactly(2);
        Request next = ask(scheduler, 3);
        device.fail(new DeviceException("of 2"));
        assertThat(failed.failure()).hasMessage("of 2");
        assertThat(device.awaitRun()).containsExactly(3);
        assertThat(scheduler.pendingWindows()).isZero();
        device.succeed();
        next.assertRead();
        assertThat(failed.timesTold).hasValue(1);
    }

    @Test
    void refusesLogitsOfOtherSequencesThanItGave() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        Request one = ask(scheduler, 1);
        device.awaitRun();
        device.give(new Logits(new float[2][11], new float[2][11]));
        assertThat(one.failure()).hasMessage("the device returned logits for other sequences than it was given");
        Request two = ask(scheduler, 1);
        device.awaitRun();
        device.give(new Logits(new float[1][12], new float[1][12]));
        assertThat(two.failure()).isInstanceOf(DeviceException.class);
        Request three = ask(scheduler, 1);
        device.awaitRun();
        device.give(new Logits(new float[0][], new float[0][]));
        assertThat(three.failure()).isInstanceOf(DeviceException.class);
    }

    @Test
    void givesTheRestOfABatchToTheNextDeviceWhenOneIsLostInTheMiddleOfIt() throws Exception {
        Scheduler scheduler = scheduler(device.open(3), other.open(4));
        Request request = ask(scheduler, 1, 2, 3);
        assertThat(device.awaitRun()).containsExactly(3, 2, 1);
        device.fail(new DeviceException("of the batch"));
        assertThat(device.awaitRun()).containsExactly(3);
        device.succeed();
        assertThat(device.awaitRun()).containsExactly(2);
        device.fail(new DeviceLostException("the card was lost"));
        // What was read once is not read again.
        assertThat(other.awaitRun()).containsExactly(2, 1);
        assertThat(scheduler.pendingWindows()).isZero();
        other.succeed();
        request.assertRead();
        Latches.await(() -> !record.lost.isEmpty());
        assertThat(record.lost).containsExactly("card: the card was lost");
        Latches.await(() -> device.closings.get() == 1);
        assertThat(scheduler.availability())
                .isEqualTo(Availability.available("card: held by a test (lost); cpu: held by a test"));
    }

    @Test
    void readsNothingOfARequestThatWithdrewWhenTheNextDeviceTakesOver() throws Exception {
        Scheduler scheduler = scheduler(device.open(2), other.open(2));
        Request gone = ask(scheduler, 1);
        device.awaitRun();
        Request stays = ask(scheduler, 2);
        scheduler.withdraw(gone);
        device.fail(new DeviceLostException("the card was lost"));
        assertThat(other.awaitRun()).containsExactly(2);
        other.succeed();
        stays.assertRead();
        assertThat(gone.timesTold).hasValue(0);
    }

    @Test
    void saysInTheLogWhetherTheOthersTakeOverFromADeviceThatWasLostOrNoneIsLeft() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Scheduler scheduler = scheduler(device.open(1), other.open(1));
            Request request = ask(scheduler, 1);
            device.awaitRun();
            device.fail(new DeviceLostException("the bus is silent"));
            other.awaitRun();
            Latches.await(() -> record.lost.size() == 1);
            other.fail(new DeviceLostException("no power"));
            assertThat(request.failure()).isInstanceOf(DeviceLostException.class);
            assertThat(log.lines("WARN"))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .endsWith("device card was lost; the others take over: the bus is silent"),
                            second -> assertThat(second)
                                    .endsWith("device cpu was lost; no other is left, all requests fail: no power"));
        }
    }

    @Test
    void tellsWhichDeviceWasLostEvenIfThatDoesNotSayWhatItIsAnyMore() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Request request = ask(scheduler, 1);
        device.awaitRun();
        device.infoFailure = new DeviceLostException("does not answer");
        device.fail(new DeviceLostException("gone"));
        assertThat(request.failure()).hasMessage("gone");
        assertThat(record.lost).containsExactly("card: gone");
    }

    @Test
    void keepsTheNextDeviceForWhenAllOfTheBetterOnesAreLost() throws Exception {
        HeldDevice second = new HeldDevice("card");
        Scheduler scheduler = scheduler(device.open(1), second.open(1), other.open(1));
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            requests.add(ask(scheduler, i));
        }
        List<Integer> lost = device.awaitRun();
        List<Integer> taken = second.awaitRun();
        assertThat(other.staysIdle()).isTrue();
        device.fail(new DeviceLostException("the first was lost"));
        Latches.await(() -> record.lost.size() == 1);
        assertThat(other.staysIdle()).isTrue();
        // It goes on with what the lost one had.
        second.succeed();
        requests.get(taken.get(0) - 1).assertRead();
        assertThat(second.awaitRun()).isEqualTo(lost);
        second.fail(new DeviceLostException("the second was lost"));
        assertThat(other.awaitRun()).isEqualTo(lost);
        other.succeed();
        assertThat(other.awaitRun()).containsExactly(3);
        other.succeed();
        for (Request request : requests) {
            request.assertRead();
        }
    }

    @Test
    void failsAllRequestsAndRefusesOthersWhenTheLastDeviceIsLost() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Request running = ask(scheduler, 1);
        device.awaitRun();
        Request waiting = ask(scheduler, 2);
        Request admitted = new Request(3);
        scheduler.admit(admitted, 1);
        device.fail(new DeviceLostException("the card was lost"));
        for (Request request : List.of(running, waiting, admitted)) {
            assertThat(request.failure())
                    .isInstanceOf(DeviceLostException.class)
                    .hasMessage("the card was lost");
        }
        assertThat(running.failure()).isNotSameAs(waiting.failure());
        assertThat(scheduler.pendingWindows()).isZero();
        scheduler.enqueue(List.of(admitted));
        assertThat(scheduler.pendingWindows()).isZero();
        assertThatThrownBy(() -> scheduler.tryAdmit(new Request(4), 1))
                .isInstanceOf(DeviceLostException.class)
                .hasMessage("the card was lost");
        assertThat(scheduler.availability())
                .isEqualTo(Availability.unavailable("no device is left: the card was lost"));
        Latches.await(() -> device.closings.get() == 1);
    }

    @Test
    void givesADeviceUpAfterThreeFailuresInARowIfThereIsAnotherWhichReadsWhatFailed() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.open(1));
        for (boolean succeeds : new boolean[] {false, false, true, false, false, false}) {
            assertThat(record.lost).isEmpty();
            Request request = ask(scheduler, 1);
            device.awaitRun();
            if (succeeds) {
                device.succeed();
            } else {
                device.fail(new DeviceException("again"));
                assertThat(other.awaitRun()).containsExactly(1);
                other.succeed();
            }
            request.assertRead();
        }
        Latches.await(() -> !record.lost.isEmpty());
        assertThat(record.lost).containsExactly("card: again");
        Request next = ask(scheduler, 2);
        assertThat(other.awaitRun()).containsExactly(2);
        other.succeed();
        next.assertRead();
    }

    @Test
    void letsAnotherDeviceReadBeforeAllElseWhatOneCannotReadAlone() throws Exception {
        HeldDevice second = new HeldDevice("card");
        Scheduler scheduler = scheduler(device.open(2), second.open(2));
        Request busy = ask(scheduler, 9);
        Latches.await(() -> device.hasBegun() || second.hasBegun());
        HeldDevice reads = device.hasBegun() ? device : second;
        HeldDevice fails = reads == device ? second : device;
        reads.awaitRun();
        Request pair = ask(scheduler, 1, 2);
        assertThat(fails.awaitRun()).containsExactly(2, 1);
        Request waits = ask(scheduler, 8);
        fails.fail(new DeviceException("of the batch"));
        assertThat(fails.awaitRun()).containsExactly(2);
        fails.succeed();
        assertThat(fails.awaitRun()).containsExactly(1);
        fails.fail(new DeviceException("of one"));
        // It goes on with what it can read; what it could not waits for the other, and counts.
        assertThat(fails.awaitRun()).containsExactly(8);
        assertThat(scheduler.pendingWindows()).isEqualTo(1);
        Request later = ask(scheduler, 7);
        reads.succeed();
        busy.assertRead();
        assertThat(reads.awaitRun()).containsExactly(1);
        reads.succeed();
        pair.assertRead();
        assertThat(reads.awaitRun()).containsExactly(7);
        reads.succeed();
        fails.succeed();
        later.assertRead();
        waits.assertRead();
        assertThat(record.lost).isEmpty();
    }

    @Test
    void admitsARequestWhenADeviceTakesWhatAnotherCouldNotRead() throws Exception {
        Scheduler scheduler = scheduler(QueueLimits.DEFAULT.withMaxPendingWindows(1), device.open(1), other.open(1));
        for (int i = 1; i <= 2; i++) {
            askInVain(scheduler, i);
            if (i == 1) {
                other.awaitRun();
            }
        }
        Latches.await(() -> scheduler.pendingWindows() == 1);
        FutureTask<Void> admission = new FutureTask<>(() -> scheduler.admit(new Request(3), 1), null);
        Thread thread = new Thread(admission);
        thread.start();
        Latches.awaitWaiting(thread);
        other.succeed();
        assertThat(other.awaitRun()).containsExactly(2);
        admission.get(30, TimeUnit.SECONDS);
    }

    @Test
    void failsARequestThatTwoDevicesCannotRead() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.open(1));
        Request request = askInVain(scheduler, 1);
        other.awaitRun();
        other.fail(new DeviceException("of the processor"));
        assertThat(request.failure()).isInstanceOf(DeviceException.class).hasMessage("of the processor");
        assertThat(scheduler.pendingWindows()).isZero();
        assertThat(record.lost).isEmpty();
    }

    @Test
    void forgetsWhatADeviceCouldNotReadWhenItsRequestWithdraws() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.open(1));
        Request first = askInVain(scheduler, 1);
        other.awaitRun();
        Request second = askInVain(scheduler, 2);
        Request between = ask(scheduler, 4);
        device.awaitRun();
        device.succeed();
        between.assertRead();
        Request third = askInVain(scheduler, 3);
        Latches.await(() -> scheduler.pendingWindows() == 2);
        scheduler.withdraw(second);
        assertThat(scheduler.pendingWindows()).isEqualTo(1);
        other.succeed();
        first.assertRead();
        assertThat(other.awaitRun()).containsExactly(3);
        other.succeed();
        third.assertRead();
        assertThat(second.timesTold).hasValue(0);
    }

    @Test
    void triesOnceMoreWhatItCouldNotReadWhenTheOtherDeviceIsLostMeanwhile() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.open(1));
        Request first = askInVain(scheduler, 1);
        other.awaitRun();
        Request second = askInVain(scheduler, 2);
        Latches.await(() -> scheduler.pendingWindows() == 1);
        other.fail(new DeviceLostException("gone"));
        assertThat(device.awaitRun()).containsExactly(2);
        device.succeed();
        second.assertRead();
        assertThat(device.awaitRun()).containsExactly(1);
        device.fail(new DeviceException("once more"));
        assertThat(first.failure()).hasMessage("once more");
        assertThat(scheduler.pendingWindows()).isZero();
    }

    @Test
    void goesOnWithTheOnlyDeviceHoweverOftenItFails() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        for (int i = 0; i < 5; i++) {
            Request request = ask(scheduler, 1);
            device.awaitRun();
            device.fail(new DeviceException("again"));
            assertThat(request.failure()).hasMessage("again");
        }
        Request last = ask(scheduler, 1);
        device.awaitRun();
        device.succeed();
        last.assertRead();
    }

    @Test
    void losesADeviceAndNothingElseByAFaultOfItsOwn() throws Exception {
        AtomicInteger told = new AtomicInteger();
        QuestionAnswererListener faulty = new QuestionAnswererListener() {
            @Override
            public void batchRead(Batch batch) {
                // The third run of the first device.
                if (told.incrementAndGet() == 3) {
                    throw new IllegalStateException("of a listener");
                }
            }
        };
        Scheduler scheduler =
                new Scheduler(List.of(device.open(2), other.open(2)), LONGEST, QueueLimits.DEFAULT, faulty);
        opened.add(scheduler);
        Request request = ask(scheduler, 1, 2);
        device.awaitRun();
        device.fail(new DeviceException("of the batch"));
        assertThat(device.awaitRun()).containsExactly(2);
        device.succeed();
        assertThat(device.awaitRun()).containsExactly(1);
        device.succeed();
        assertThat(other.awaitRun()).containsExactly(1);
        other.succeed();
        request.assertRead();
    }

    /** A listener whose first batch is a fault, and that has too little memory for the first news of a lost device. */
    private QuestionAnswererListener shortOfMemory(List<String> lost) {
        AtomicInteger batches = new AtomicInteger();
        return new QuestionAnswererListener() {
            @Override
            public void batchRead(Batch batch) {
                if (batches.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("of a listener");
                }
            }

            @Override
            public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
                lost.add(device.name() + ", closed " + SchedulerTest.this.device.closings + " times");
                if (lost.size() < 3) {
                    throw new OutOfMemoryError("of a listener, once more");
                }
            }
        };
    }

    @Test
    void tellsAllWhoWaitThatTheLastDeviceIsLostEvenIfMemoryIsShortWhileItDoes() {
        List<String> lost = Collections.synchronizedList(new ArrayList<>());
        Scheduler scheduler = new Scheduler(List.of(device.open(1)), LONGEST, QueueLimits.DEFAULT, shortOfMemory(lost));
        opened.add(scheduler);
        Request first = ask(scheduler, 1);
        Request second = ask(scheduler, 2);
        device.succeed();
        for (Request request : List.of(first, second)) {
            assertThat(request.failure()).isInstanceOf(DeviceException.class).hasMessageContaining("of a listener");
            assertThat(request.timesTold).hasValue(1);
        }
        // It is closed to make room for another try.
        assertThat(lost).containsExactly("card, closed 0 times", "card, closed 1 times", "card, closed 2 times");
        // Given away, and held again when there is some.
        assertThat(scheduler.reserve().isHeld()).isFalse();
        scheduler.reserve().replenish();
        assertThat(scheduler.reserve().isHeld()).isTrue();
    }

    @Test
    void readsWithTheNextDeviceOnceWhatOneGaveBackThatHadTooLittleMemoryToSaySo() throws Exception {
        List<String> lost = Collections.synchronizedList(new ArrayList<>());
        Scheduler scheduler = new Scheduler(
                List.of(device.open(1), other.open(1)), LONGEST, QueueLimits.DEFAULT, shortOfMemory(lost));
        opened.add(scheduler);
        Request request = ask(scheduler, 1);
        device.succeed();
        assertThat(other.awaitRun()).containsExactly(1);
        other.succeed();
        request.assertRead();
        Latches.await(() -> lost.size() == 3);
        assertThat(lost).allMatch(line -> line.startsWith("card, "));
    }

    @Test
    void tellsAllOfABatchThatItFailedEvenIfMemoryIsShortWhileItDoes() throws Exception {
        Scheduler scheduler = scheduler(device.open(2));
        List<Request> requests = List.of(new Request(1), new Request(2));
        for (Request request : requests) {
            request.shortOfMemory.set(1);
            scheduler.admit(request, 1);
        }
        scheduler.enqueue(requests);
        assertThat(device.awaitRun()).hasSize(2);
        for (String of : List.of("the batch", "one", "the other")) {
            device.fail(new DeviceException("of " + of));
        }
        for (Request request : requests) {
            assertThat(request.failure()).isInstanceOf(DeviceException.class).hasMessageMatching("of (one|the other)");
            assertThat(request.timesTold).hasValue(1);
        }
        // Too little memory for its thread's own work, so it is lost; told again, since the second request had too
        // little, too.
        assertThat(record.lost)
                .hasSize(2)
                .containsOnly("card: the device failed: java.lang.OutOfMemoryError: of a request");
        assertThat(scheduler.pendingWindows()).isZero();
    }

    @Test
    void leavesWhatItCouldNotReadToAnotherDeviceOnceEvenIfMemoryIsShortForTellingAFailureBesideIt() throws Exception {
        HeldDevice third = new HeldDevice("third");
        Scheduler scheduler = scheduler(device.open(3), other.open(1), third.open(1));
        Request failing = ask(scheduler, 1);
        failing.shortOfMemory.set(1);
        device.awaitRun();
        device.fail(new DeviceException("of the card"));
        Latches.await(() -> other.hasBegun() || third.hasBegun());
        HeldDevice second = other.hasBegun() ? other : third;
        second.awaitRun();
        Request busy = ask(scheduler, 9);
        device.awaitRun();
        Request read = ask(scheduler, 2);
        Request left = ask(scheduler, 3);
        second.fail(new DeviceLostException("gone"));
        Latches.await(() -> record.lost.size() == 1);
        device.succeed();
        busy.assertRead();
        assertThat(device.awaitRun()).containsExactly(1, 2, 3);
        device.fail(new DeviceException("of the batch"));
        device.fail(new DeviceException("of the first"));
        device.succeed();
        device.fail(new DeviceException("of the last"));
        read.assertRead();
        assertThat(failing.failure()).hasMessage("of the first");
        assertThat(record.lost)
                .hasSize(2)
                .contains("card: the device failed: java.lang.OutOfMemoryError: of a request");
        HeldDevice last = second == other ? third : other;
        Request next = ask(scheduler, 4);
        assertThat(last.awaitRun()).containsExactly(3);
        last.succeed();
        assertThat(last.awaitRun()).containsExactly(4);
        last.succeed();
        left.assertRead();
        next.assertRead();
    }

    @Test
    void tellsARequestOnceThatItWasReadEvenIfMemoryIsShortWhileItDoes() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.open(1));
        Request request = new Request(1);
        request.shortOfMemory.set(1);
        scheduler.admit(request, 1);
        scheduler.enqueue(List.of(request));
        device.awaitRun();
        device.succeed();
        request.assertRead();
        Request next = ask(scheduler, 2);
        assertThat(other.awaitRun()).containsExactly(2);
        other.succeed();
        next.assertRead();
        assertThat(record.lost).containsExactly("card: the device failed: java.lang.OutOfMemoryError: of a request");
    }

    /** The latest of its name. */
    private static Thread threadOf(String device) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("distilqa-device-" + device) && thread.isAlive())
                .max(Comparator.comparing(Thread::getId))
                .orElseThrow();
    }

    @Test
    void keepsNoProgramFromEndingThatForgetsToCloseIt() {
        scheduler(device.open(1));
        assertThat(threadOf("card").isDaemon()).isTrue();
    }

    @Test
    void goesOnWhenTheThreadOfADeviceIsInterrupted() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Thread thread = threadOf("card");
        Latches.awaitWaiting(thread);
        thread.interrupt();
        Latches.await(() -> !thread.isInterrupted());
        Request request = ask(scheduler, 1);
        device.awaitRun();
        device.succeed();
        request.assertRead();
    }

    @Test
    void closesWhenWhatIsUnderWayHasEnded() throws Exception {
        Scheduler scheduler = scheduler(device.open(1), other.openOfAnother(1));
        Request running = ask(scheduler, 1);
        device.awaitRun();
        Request waiting = ask(scheduler, 2);
        Thread closing = new Thread(() -> scheduler.close(NEVER));
        closing.start();
        Latches.awaitWaiting(closing);
        assertThatThrownBy(() -> scheduler.tryAdmit(new Request(3), 1))
                .isInstanceOf(ClosedException.class)
                .hasMessage("this QuestionAnswerer was closed");
        assertThat(scheduler.availability()).isEqualTo(Availability.unavailable("this QuestionAnswerer was closed"));
        device.succeed();
        running.assertRead();
        scheduler.withdraw(running);
        device.awaitRun();
        device.succeed();
        waiting.assertRead();
        assertThat(closing.isAlive()).isTrue();
        assertThat(device.closings).hasValue(0);
        try (CapturedLog log = new CapturedLog()) {
            scheduler.withdraw(waiting);
            closing.join();
            assertThat(log.lines("WARN")).noneMatch(line -> line.contains("closing ended"));
        }
        assertThat(device.closings).hasValue(1);
        // Who owns the other closes it.
        assertThat(other.closings).hasValue(0);
        assertThat(other.programClosings).hasValue(1);
        assertThat(device.programClosings).hasValue(0);
    }

    @Test
    void endsWhatIsNotFinishedInTimeAndLetsADeviceThatRunsCloseWhenItIsReady() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Request running = ask(scheduler, 1);
        device.awaitRun();
        Request waiting = ask(scheduler, 2);
        try (CapturedLog log = new CapturedLog()) {
            scheduler.close(SOON);
            assertThat(log.lines("WARN"))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .endsWith("closing ended 2 requests that were not finished within " + SOON),
                            second -> assertThat(second)
                                    .endsWith("device card has not ended its run; it is closed when it does"));
        }
        for (Request request : List.of(running, waiting)) {
            assertThat(request.failure())
                    .isInstanceOf(ClosedException.class)
                    .hasMessage(
                            "the QuestionAnswerer was closed, and this request was not finished within closeTimeout, "
                                    + SOON);
        }
        assertThat(device.closings).hasValue(0);
        device.succeed();
        Latches.await(() -> device.closings.get() == 1);
        assertThat(running.timesTold).hasValue(1);
        assertThat(device.staysIdle()).isTrue();
    }

    @Test
    void tellsAllThatItWasClosedEvenIfMemoryIsShortWhileItDoes() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        List<Request> requests = List.of(ask(scheduler, 1), ask(scheduler, 2));
        device.awaitRun();
        requests.forEach(request -> request.shortOfMemory.set(1));
        scheduler.close(Duration.ZERO);
        for (Request request : requests) {
            assertThat(request.failure()).isInstanceOf(ClosedException.class).hasNoCause();
            assertThat(request.timesTold).hasValue(1);
        }
        assertThat(scheduler.reserve().isHeld()).isFalse();
    }

    @Test
    void waitsForNothingWhenClosingIsInterrupted() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        Request running = ask(scheduler, 1);
        device.awaitRun();
        Thread.currentThread().interrupt();
        scheduler.close(NEVER);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(running.failure()).isInstanceOf(ClosedException.class);
        // Also while it waits for the device alone.
        FutureTask<Boolean> wasInterrupted = new FutureTask<>(() -> {
            scheduler.close(NEVER);
            return Thread.currentThread().isInterrupted();
        });
        Thread closing = new Thread(wasInterrupted);
        closing.start();
        Latches.awaitWaiting(closing);
        closing.interrupt();
        assertThat(wasInterrupted.get(30, TimeUnit.SECONDS)).isTrue();
        device.succeed();
    }

    @Test
    void tellsOfDevicesThatCannotBeClosedButNotOfOnesThatWereLost() throws Exception {
        HeldDevice third = new HeldDevice("third");
        Scheduler scheduler = scheduler(device.open(1), other.open(1), third.open(1));
        Request request = ask(scheduler, 1);
        device.awaitRun();
        device.closeFailure = new DeviceException("of the lost one");
        other.closeFailure = new DeviceException("stuck");
        third.closeFailure = new DeviceException("stuck too");
        device.fail(new DeviceLostException("the card was lost"));
        other.awaitRun();
        other.succeed();
        request.assertRead();
        scheduler.withdraw(request);
        assertThatThrownBy(() -> scheduler.close(NEVER)).isSameAs(other.closeFailure);
        assertThat(other.closeFailure.getSuppressed()).containsExactly(third.closeFailure);
        assertThat(List.of(device, other, third)).allMatch(held -> held.closings.get() == 1);
        opened.clear();
    }

    @Test
    void canBeClosedByTheThreadOfADevice() throws Exception {
        Scheduler scheduler = scheduler(device.open(1));
        CompletableFuture<Boolean> interruptedByIt = new CompletableFuture<>();
        Request request = new Request(1);
        scheduler.admit(request, 1);
        request.told.thenRun(() -> {
            scheduler.withdraw(request);
            scheduler.close(NEVER);
            interruptedByIt.complete(Thread.currentThread().isInterrupted());
        });
        scheduler.enqueue(List.of(request));
        device.awaitRun();
        device.succeed();
        assertThat(interruptedByIt.get(30, TimeUnit.SECONDS)).isFalse();
        Latches.await(() -> device.closings.get() == 1);
    }

    @Test
    void givesEachRequestAnExceptionOfItsOwnAndOfItsKind() {
        ClosedException closed = new ClosedException("closed", new IllegalStateException());
        assertThat(DeviceFailures.of(closed))
                .isInstanceOf(ClosedException.class)
                .isNotSameAs(closed);
        DeviceLostException lost = new DeviceLostException("lost");
        assertThat(DeviceFailures.of(lost))
                .isInstanceOf(DeviceLostException.class)
                .hasMessage("lost")
                .hasCause(lost);
        assertThat(DeviceFailures.of(new OverloadedException("full")))
                .isExactlyInstanceOf(DeviceException.class)
                .hasMessage("full");
        assertThat(DeviceFailures.of(new IllegalStateException("bus error")))
                .isExactlyInstanceOf(DeviceException.class)
                .hasMessage("the device failed: java.lang.IllegalStateException: bus error");
        assertThat(DeviceFailures.of(new IllegalStateException("bus error", new IOException("a detail"))))
                .hasMessage("the device failed: java.lang.IllegalStateException: bus error");
        // What an error says is in its cause.
        assertThat(DeviceFailures.of(new ExceptionInInitializerError(new IllegalStateException("no driver"))))
                .isExactlyInstanceOf(DeviceException.class)
                .hasMessage("the device failed: java.lang.IllegalStateException: no driver");
        assertThat(DeviceFailures.of(new AssertionError("unsupported")))
                .isExactlyInstanceOf(DeviceException.class)
                .hasMessage("the device failed: java.lang.AssertionError: unsupported");
        assertThat(List.of(closed, lost)).allMatch(DeviceFailures::isForGood);
        assertThat(DeviceFailures.isForGood(new DeviceException("a hiccup"))).isFalse();
    }
}
