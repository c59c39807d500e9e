package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.distilqa.execution.RequestLimits;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuestionAnswererListenerTest {
    private static final QuestionRequest REQUEST = QuestionRequest.of("Which letter?", "Alpha beta, gamma; delta.");

    private final FakeDevice device = new FakeDevice();
    private final RecordingListener record = new RecordingListener();

    private QuestionAnswerer answerer(QueueLimits queue, FakeDevice... devices) {
        List<OpenDevice> open = new ArrayList<>();
        for (FakeDevice each : devices) {
            open.add(TestAnswerers.open(each, 4));
        }
        return TestAnswerers.of(open, new WordTokenizer(), RequestLimits.DEFAULT, queue, record);
    }

    @Test
    void isToldOfTheAnswererWhenItIsOpenedAndOnceWhenItIsClosed() {
        QuestionAnswerer answerer = answerer(QueueLimits.DEFAULT, device);
        assertThat(record.opened).containsExactly(answerer);
        assertThat(record.closed).isEmpty();
        answerer.close();
        answerer.close();
        assertThat(record.closed).containsExactly(answerer);
        assertThat(answerer.statistics().pendingWindows()).isZero();
    }

    @Test
    void isToldHowLongARequestWaitedThatNoDeviceEverTook() throws Exception {
        SlowDevice held = new SlowDevice();
        try (QuestionAnswerer answerer = answerer(QueueLimits.DEFAULT, held)) {
            answerer.predictAsync(REQUEST);
            held.awaitStart();
            CompletableFuture<Prediction> waiting = answerer.predictAsync(REQUEST);
            waiting.cancel(true);
            assertOneWasCancelledWhileItWaited();
            held.mayRun();
        }
    }

    private void assertOneWasCancelledWhileItWaited() {
        assertThat(record.requests).hasSize(1);
        assertThat(record.requests.get(0).end()).isEqualTo(End.CANCELLED);
        assertThat(record.requests.get(0).waited())
                .isPositive()
                .isLessThan(record.requests.get(0).took());
    }

    @Test
    void isToldHowLongARequestWaitedForRoom() throws Exception {
        SlowDevice held = new SlowDevice();
        try (QuestionAnswerer answerer = answerer(QueueLimits.DEFAULT.withMaxPendingWindows(1), held)) {
            answerer.predictAsync(REQUEST);
            held.awaitStart();
            answerer.predictAsync(REQUEST); // Takes the only place.
            Thread caller = new Thread(() -> answerer.predictAsync(REQUEST));
            caller.start();
            Latches.awaitWaiting(caller);
            caller.interrupt();
            caller.join();
            assertOneWasCancelledWhileItWaited();
            held.mayRun();
        }
    }

    @Test
    void anAnswererIsAvailableUntilItsLastDeviceIsLostAndNamesThoseThatWere() {
        FakeDevice fallBack = new FakeDevice() {
            @Override
            public DeviceInfo info() {
                return new DeviceInfo("other", "its fall-back", 4, Map.of());
            }
        };
        try (QuestionAnswerer answerer = answerer(QueueLimits.DEFAULT, device, fallBack)) {
            assertThat(answerer.availability())
                    .isEqualTo(Availability.available("fake: a device for tests; other: its fall-back"));
            device.failure = new DeviceLostException("the cable was pulled");
            answerer.predict(REQUEST);
            assertThat(answerer.availability())
                    .isEqualTo(Availability.available("fake: a device for tests (lost); other: its fall-back"));
            fallBack.failure = new DeviceLostException("the second cable was pulled");
            assertThatThrownBy(() -> answerer.predict(REQUEST)).isInstanceOf(DeviceLostException.class);
            assertThat(answerer.availability())
                    .isEqualTo(Availability.unavailable("no device is left: the second cable was pulled"));
        }
    }

    @Test
    void anAnswererThatWasClosedIsNotAvailable() {
        QuestionAnswerer answerer = answerer(QueueLimits.DEFAULT, device);
        answerer.close();
        assertThat(answerer.availability()).isEqualTo(Availability.unavailable("this QuestionAnswerer was closed"));
    }
}
