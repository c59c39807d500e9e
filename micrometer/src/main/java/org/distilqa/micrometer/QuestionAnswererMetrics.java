package org.distilqa.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.DeviceInfo;

/**
 * Turns what happens inside a {@link QuestionAnswerer} into Micrometer's meters.
 *
 * <pre>{@code
 * QuestionAnswerer answerer = QuestionAnswerer.builder()
 *         .listener(new QuestionAnswererMetrics(registry))
 *         .build();
 * }</pre>
 *
 * <table>
 *   <caption>The meters</caption>
 *   <tr><th>name</th><th>kind</th><th>tags</th><th>what</th></tr>
 *   <tr><td>{@code distilqa.requests}</td><td>timer</td><td>outcome</td><td>from the call to the answer, or the failure</td></tr>
 *   <tr><td>{@code distilqa.requests.wait}</td><td>timer</td><td>outcome</td>
 *       <td>how much of that was waiting for room in the queue and for a device</td></tr>
 *   <tr><td>{@code distilqa.queue}</td><td>gauge</td><td></td><td>windows that wait for a device</td></tr>
 *   <tr><td>{@code distilqa.batches}</td><td>timer</td><td>device</td><td>runs of the network that did not fail</td></tr>
 *   <tr><td>{@code distilqa.batch.windows}</td><td>distribution</td><td>device</td><td>windows in a run</td></tr>
 *   <tr><td>{@code distilqa.batch.tokens}</td><td>distribution</td><td>device</td><td>tokens in a run</td></tr>
 *   <tr><td>{@code distilqa.batch.padding}</td><td>distribution</td><td>device</td>
 *       <td>tokens by which the windows of a run are shorter than its longest: what a device that pads computes for nothing</td></tr>
 *   <tr><td>{@code distilqa.device.failures}</td><td>counter</td><td>device</td><td>runs that failed</td></tr>
 *   <tr><td>{@code distilqa.device.lost}</td><td>counter</td><td>device</td><td>devices that failed for good</td></tr>
 * </table>
 *
 * <p>The outcomes are {@link org.distilqa.QuestionAnswererListener.End}'s in lower case; the device is its provider's name. All
 * meters are there from the start, at zero. Safe for use by many threads. One instance is enough for a registry and its tags, for one
 * answerer or several one after another or at once, whose figures are added up.
 */
public final class QuestionAnswererMetrics implements QuestionAnswererListener {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<End, RequestMeters> requests = new EnumMap<>(End.class);
    private final Map<String, DeviceMeters> devices = new ConcurrentHashMap<>();

    /** Those that are open. */
    private final List<QuestionAnswerer> answerers = new CopyOnWriteArrayList<>();

    /**
     * Meters in a registry.
     *
     * @param registry the registry
     */
    public QuestionAnswererMetrics(MeterRegistry registry) {
        this(registry, Tags.empty());
    }

    /**
     * Meters in a registry that have some more tags, such as the model's name.
     *
     * @param registry the registry
     * @param tags what all the meters are tagged with
     */
    public QuestionAnswererMetrics(MeterRegistry registry, Iterable<Tag> tags) {
        this.registry = registry;
        this.tags = Tags.of(tags);
        for (End end : End.values()) {
            requests.put(end, RequestMeters.of(registry, this.tags.and("outcome", lowerCase(end))));
        }
        Gauge.builder("distilqa.queue", this, QuestionAnswererMetrics::pendingWindows)
                .tags(this.tags)
                .baseUnit("windows")
                .description("Windows that wait for a device")
                .register(registry);
    }

    private static String lowerCase(End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    /** What the requests of one outcome are measured with. */
    private record RequestMeters(Timer took, Timer waited) {
        static RequestMeters of(MeterRegistry registry, Tags tags) {
            return new RequestMeters(
                    Timer.builder("distilqa.requests")
                            .tags(tags)
                            .description("Requests, from the call to their end")
                            .register(registry),
                    Timer.builder("distilqa.requests.wait")
                            .tags(tags)
                            .description("How much of that they waited for room in the queue and for a device")
                            .register(registry));
        }
    }

    private double pendingWindows() {
        return answerers.stream()
                .mapToInt(answerer -> answerer.statistics().pendingWindows())
                .sum();
    }

    private DeviceMeters device(String name) {
        return devices.computeIfAbsent(name, device -> DeviceMeters.of(registry, tags.and("device", device)));
    }

    @Override
    public void opened(QuestionAnswerer answerer) {
        answerers.add(answerer);
        answerer.devices().forEach(device -> device(device.name()));
    }

    @Override
    public void closed(QuestionAnswerer answerer) {
        answerers.remove(answerer);
    }

    @Override
    public void requestEnded(Request request) {
        RequestMeters meters = requests.get(request.end());
        meters.took().record(request.took());
        meters.waited().record(request.waited());
    }

    @Override
    public void batchRead(Batch batch) {
        device(batch.device()).record(batch);
    }

    @Override
    public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
        device(device.name()).lost().increment();
    }
}
