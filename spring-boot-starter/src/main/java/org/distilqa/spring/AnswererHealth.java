package org.distilqa.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;

/**
 * How an answerer is, in no version's types.
 *
 * @param status {@code UP}, {@code DOWN}, or {@code UNKNOWN} before a lazy one is opened, which takes no part in the health of the
 *     whole application
 * @param details what an operator wants to know
 */
record AnswererHealth(String status, Map<String, Object> details) {

    /** Opens nothing, and waits for no device. */
    static AnswererHealth of(QuestionAnswerer answerer) {
        Map<String, Object> details = new LinkedHashMap<>();
        Availability availability = answerer.availability();
        details.put("explanation", availability.explanation());
        if (!availability.available()) {
            return new AnswererHealth("DOWN", details);
        }
        Optional<QuestionAnswerer> opened =
                answerer instanceof LazyQuestionAnswerer lazy ? lazy.ifOpened() : Optional.of(answerer);
        opened.ifPresent(open -> {
            details.put("pendingWindows", open.statistics().pendingWindows());
            details.put(
                    "devices",
                    open.devices().stream().map(AnswererHealth::describe).toList());
        });
        return new AnswererHealth(opened.isPresent() ? "UP" : "UNKNOWN", details);
    }

    private static Map<String, Object> describe(DeviceInfo device) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", device.name());
        description.put("description", device.description());
        description.putAll(device.facts());
        return description;
    }
}
