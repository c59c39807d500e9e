package org.distilqa.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.distilqa.QuestionAnswerer;
import org.distilqa.WhenFull;
import org.distilqa.device.DeviceOptions;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the bean, each with the name and the default that it has in {@link QuestionAnswerer.Builder}. What is said of
 * them here is shown by editors that complete them.
 *
 * @param enabled Whether there is a bean of type QuestionAnswerer.
 * @param lazy Whether the model is opened with the first question instead of with the application.
 * @param model A directory in the layout of Hugging Face, the id of a repository on the hub, or "bundled".
 * @param revision A branch, a tag or a commit of the repository on the hub.
 * @param device The devices that the network runs on: "auto", or names such as cpu, onednn, tt or tt:0. Those of one name share the
 *     work, those of another name are the fall-back of those before them.
 * @param deviceOptions Settings of the devices, by their names.
 * @param batchSize How many windows a device is given at a time at most, 1 to 4096. By default what the device recommends.
 * @param maxContextLength How many characters a context may have.
 * @param maxQuestionLength How many characters a question may have.
 * @param maxRequests How many requests may be made in one call.
 * @param maxPendingWindows How many windows may wait for the devices.
 * @param whenFull What happens to a request that finds so many waiting.
 * @param maxBatchDelay How long a batch that is not full waits for company, at most a minute.
 * @param closeTimeout How long closing may take when the application ends. What is under way is answered until then.
 */
@ConfigurationProperties("distilqa")
record DistilQaProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean lazy,
        @DefaultValue(QuestionAnswerer.DEFAULT_MODEL) String model,
        @DefaultValue("main") String revision,
        @DefaultValue("auto") List<String> device,
        @DefaultValue Map<String, String> deviceOptions,
        Integer batchSize,
        @DefaultValue("10000000") int maxContextLength,
        @DefaultValue("100000") int maxQuestionLength,
        @DefaultValue("100000") int maxRequests,
        @DefaultValue("16384") int maxPendingWindows,
        @DefaultValue("wait") WhenFull whenFull,
        @DefaultValue("0s") Duration maxBatchDelay,
        @DefaultValue("5s") Duration closeTimeout) {

    /** A builder with all of these settings. */
    QuestionAnswerer.Builder builder() {
        QuestionAnswerer.Builder builder = QuestionAnswerer.builder()
                .model(model)
                .revision(revision)
                .deviceOptions(new DeviceOptions(deviceOptions))
                .maxContextLength(maxContextLength)
                .maxQuestionLength(maxQuestionLength)
                .maxRequests(maxRequests)
                .maxPendingWindows(maxPendingWindows)
                .whenFull(whenFull)
                .maxBatchDelay(maxBatchDelay)
                .closeTimeout(closeTimeout);
        if (!device.isEmpty()) {
            builder.device(device.get(0), device.subList(1, device.size()).toArray(String[]::new));
        }
        return batchSize == null ? builder : builder.batchSize(batchSize);
    }
}
