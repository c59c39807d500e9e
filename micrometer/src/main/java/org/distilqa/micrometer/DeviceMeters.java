package org.distilqa.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.distilqa.QuestionAnswererListener.Batch;

/**
 * What the devices of one name are measured with.
 *
 * @param batches the runs that did not fail
 * @param windows how many windows each of them had
 * @param tokens how many tokens
 * @param padding by how many tokens its windows were shorter than the longest, together
 * @param failures the runs that failed
 * @param lost the devices that failed for good
 */
record DeviceMeters(
        Timer batches,
        DistributionSummary windows,
        DistributionSummary tokens,
        DistributionSummary padding,
        Counter failures,
        Counter lost) {

    static DeviceMeters of(MeterRegistry registry, Tags tags) {
        return new DeviceMeters(
                Timer.builder("distilqa.batches")
                        .tags(tags)
                        .description("Runs of the network that did not fail")
                        .register(registry),
                distribution("distilqa.batch.windows", "windows", "Windows in a run of the network", registry, tags),
                distribution("distilqa.batch.tokens", "tokens", "Tokens in a run of the network", registry, tags),
                distribution(
                        "distilqa.batch.padding",
                        "tokens",
                        "Tokens by which the windows of a run are shorter than its longest",
                        registry,
                        tags),
                Counter.builder("distilqa.device.failures")
                        .tags(tags)
                        .description("Runs of the network that failed")
                        .register(registry),
                Counter.builder("distilqa.device.lost")
                        .tags(tags)
                        .description("Devices that failed for good")
                        .register(registry));
    }

    private static DistributionSummary distribution(
            String name, String unit, String description, MeterRegistry registry, Tags tags) {
        return DistributionSummary.builder(name)
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }

    void record(Batch batch) {
        if (batch.failure().isPresent()) {
            failures.increment();
            return;
        }
        batches.record(batch.ran());
        windows.record(batch.windows());
        tokens.record(batch.tokens());
        padding.record((double) batch.longest() * batch.windows() - batch.tokens());
    }
}
