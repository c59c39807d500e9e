package org.distilqa;

import java.time.Duration;
import java.util.List;
import org.distilqa.device.Device;
import org.distilqa.execution.RequestLimits;
import org.distilqa.opening.Parts;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.schedule.QueueLimits;
import org.distilqa.tokenizer.Tokenizer;

/** Answerers over {@link FakeDevice}s, for tests. */
final class TestAnswerers {
    static final int MAX_POSITIONS = 64;

    private TestAnswerers() {}

    static QuestionAnswerer of(FakeDevice device, Tokenizer tokenizer, int batchSize, RequestLimits limits) {
        return of(List.of(open(device, batchSize)), tokenizer, limits, QueueLimits.DEFAULT);
    }

    static QuestionAnswerer of(
            List<OpenDevice> devices,
            Tokenizer tokenizer,
            RequestLimits limits,
            QueueLimits queue,
            QuestionAnswererListener... listeners) {
        return ScheduledQuestionAnswerer.open(
                new Parts(MAX_POSITIONS, tokenizer, true, devices, Duration.ofMillis(5)),
                new ScheduledQuestionAnswerer.Service(limits, queue, List.of(listeners), Duration.ofSeconds(2)));
    }

    static OpenDevice open(FakeDevice device, int batchSize) {
        return new OpenDevice((Device) device, device, batchSize, true);
    }
}
