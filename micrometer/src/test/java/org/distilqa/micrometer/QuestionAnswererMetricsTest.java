package org.distilqa.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.Statistics;
import org.distilqa.WhenFull;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QuestionAnswererMetricsTest {
    private static final QuestionRequest SHORT =
            QuestionRequest.of("Who built the mill?", "The mill was built by Ada Quill in 1912.");
    private static final QuestionRequest LONGER = QuestionRequest.of(
            "When was it sold?",
            "The mill stood at the river for many years before Ben Marsh, its last miller, sold it in 1974.");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FaultInjectingDevice device = device("first");
    private final FaultInjectingDevice fallBack = device("second");

    private static FaultInjectingDevice device(String name) {
        return new FaultInjectingDevice(
                name, Devices.open("cpu", DeviceOptions.none().with("threads", "1")));
    }

    @AfterEach
    void closeDevices() {
        device.close();
        fallBack.close();
    }

    private QuestionAnswerer.Builder builder(Device first, Device... others) {
        return QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device(first, others)
                .closeTimeout(Duration.ofSeconds(30))
                .listener(new QuestionAnswererMetrics(registry));
    }

    private Timer requests(String outcome) {
        return registry.get("distilqa.requests").tag("outcome", outcome).timer();
    }

    private double queue() {
        return registry.get("distilqa.queue").gauge().value();
    }

    private DistributionSummary batch(String what, String device) {
        return registry.get("distilqa.batch." + what).tag("device", device).summary();
    }

    private Counter counter(String name, String device) {
        return registry.get(name).tag("device", device).counter();
    }

    @Test
    void measuresWhatTheAnswererCounts() {
        try (QuestionAnswerer answerer = builder(device).build()) {
            answerer.answerAll(List.of(SHORT, LONGER));
            answerer.answer(SHORT);

            Statistics statistics = answerer.statistics();
            assertThat(requests("answered").count()).isEqualTo(3);
            Timer wait = registry.get("distilqa.requests.wait")
                    .tag("outcome", "answered")
                    .timer();
            assertThat(wait.count()).isEqualTo(3);
            assertThat(wait.totalTime(TimeUnit.NANOSECONDS))
                    .isPositive()
                    .isLessThan(requests("answered").totalTime(TimeUnit.NANOSECONDS));
            Timer batches =
                    registry.get("distilqa.batches").tag("device", "first").timer();
            assertThat(batches.count()).isEqualTo(statistics.batches()).isEqualTo(2);
            assertThat(batches.totalTime(TimeUnit.NANOSECONDS))
                    .isEqualTo(statistics.inference().toNanos());
            assertThat(batch("windows", "first").totalAmount())
                    .isEqualTo(statistics.windows())
                    .isEqualTo(3);
            assertThat(batch("tokens", "first").totalAmount()).isEqualTo(statistics.tokens());
            // The two that shared a batch are not of one length.
            assertThat(batch("padding", "first").totalAmount()).isBetween(1.0, statistics.tokens() - 1.0);
            assertThat(counter("distilqa.device.failures", "first").count()).isZero();
        }
    }

    @Test
    void tellsTheQueueAsItIsWhileADeviceHangs() throws Exception {
        try (QuestionAnswerer answerer = builder(device).batchSize(1).build()) {
            device.hold();
            CompletableFuture<Prediction> first = answerer.predictAsync(SHORT);
            device.awaitHeld();
            assertThat(queue()).isZero();
            CompletableFuture<Prediction> second = answerer.predictAsync(SHORT);
            CompletableFuture<Prediction> third = answerer.predictAsync(SHORT);
            assertThat(queue()).isEqualTo(2);
            third.cancel(true);
            assertThat(queue()).isEqualTo(1);
            device.release();
            CompletableFuture.allOf(first, second).join();
            assertThat(queue()).isZero();
        }
    }

    @Test
    void addsUpTheQueuesOfSeveralAnswerersAndForgetsThoseThatAreClosed() throws Exception {
        QuestionAnswererMetrics metrics = new QuestionAnswererMetrics(registry);
        QuestionAnswerer.Builder one = QuestionAnswerer.builder().model(QuestionAnswerer.BUNDLED_MODEL);
        QuestionAnswerer first =
                one.device(device).batchSize(1).listener(metrics).build();
        QuestionAnswerer second = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device(fallBack)
                .batchSize(1)
                .closeTimeout(Duration.ZERO)
                .listener(metrics)
                .build();
        device.hold();
        fallBack.hold();
        first.predictAsync(SHORT);
        second.predictAsync(SHORT);
        device.awaitHeld();
        fallBack.awaitHeld();
        first.predictAsync(SHORT);
        second.predictAsync(SHORT);
        assertThat(queue()).isEqualTo(2);
        second.close();
        assertThat(queue()).isEqualTo(1);
        device.release();
        first.close();
        assertThat(queue()).isZero();
    }

    @Test
    void tellsEachOutcomeApart() throws Exception {
        QuestionAnswerer answerer = builder(device)
                .batchSize(1)
                .maxPendingWindows(1)
                .maxQuestionLength(1_000)
                .whenFull(WhenFull.REJECT)
                .closeTimeout(Duration.ZERO)
                .build();
        assertThatThrownBy(() -> answerer.answer("?".repeat(1_001), "Yes."))
                .isInstanceOf(InvalidRequestException.class);
        device.failWith(() -> new DeviceException("out of memory"));
        assertThatThrownBy(() -> answerer.predict(SHORT)).isInstanceOf(DeviceException.class);
        device.recover();
        answerer.predict(SHORT);

        device.hold();
        CompletableFuture<Prediction> running = answerer.predictAsync(SHORT);
        device.awaitHeld();
        assertThatThrownBy(() -> answerer.predict(SHORT.withDeadline(Duration.ofMillis(1))))
                .isInstanceOf(DeadlineExceededException.class);
        CompletableFuture<Prediction> cancelled = answerer.predictAsync(SHORT);
        assertThatThrownBy(() -> answerer.predict(SHORT)).isInstanceOf(OverloadedException.class);
        cancelled.cancel(true);
        answerer.close();
        assertThatThrownBy(running::join).hasCauseInstanceOf(ClosedException.class);

        for (String outcome : List.of("invalid", "failed", "answered", "expired", "cancelled", "rejected", "closed")) {
            assertThat(requests(outcome).count()).as(outcome).isEqualTo(1);
        }
        assertThat(registry.find("distilqa.requests").timers()).hasSize(7);
        assertThat(counter("distilqa.device.failures", "first").count()).isEqualTo(1);
        assertThat(counter("distilqa.device.lost", "first").count()).isZero();
        device.release();
    }

    @Test
    void countsALostDeviceAndMeasuresTheOneThatTakesOver() {
        try (QuestionAnswerer answerer = builder(device, fallBack).build()) {
            assertThat(counter("distilqa.device.lost", "second").count())
                    .as("there before anything happened, so that a rate can be taken of it")
                    .isZero();
            device.failWith(() -> new DeviceLostException("the card does not answer"));
            assertThat(answerer.predict(SHORT).best().text()).isEqualTo("Ada Quill");
            assertThat(counter("distilqa.device.lost", "first").count()).isEqualTo(1);
            assertThat(counter("distilqa.device.failures", "first").count()).isEqualTo(1);
            assertThat(counter("distilqa.device.lost", "second").count()).isZero();
            assertThat(batch("windows", "first").count()).isZero();
            assertThat(batch("windows", "second").count()).isEqualTo(1);
            assertThat(requests("answered").count()).isEqualTo(1);
        }
    }

    @Test
    void tagsAllMetersWithWhatTheApplicationSays() {
        Tag model = Tag.of("model", "bundled");
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device(device)
                .listener(new QuestionAnswererMetrics(registry, Tags.of(model)))
                .build()) {
            answerer.predict(SHORT);
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter -> assertThat(meter.getId().getTags()).contains(model));
        }
    }

    @Test
    void everyMeterHasANameOfMicrometersKindADescriptionAndAUnit() {
        try (QuestionAnswerer answerer = builder(device).build()) {
            answerer.predict(SHORT);
            assertThat(registry.getMeters()).isNotEmpty().allSatisfy(meter -> {
                Meter.Id id = meter.getId();
                assertThat(id.getName()).matches("distilqa(\\.[a-z]+)+");
                assertThat(id.getDescription()).isNotBlank();
                // What a counter counts stands in its name.
                assertThat(meter instanceof Counter || id.getBaseUnit() != null).isTrue();
            });
        }
    }
}
