package org.distilqa.device;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an open device is.
 *
 * @param name its provider's name
 * @param description one line for a person, such as the processor, the instruction set and the number of threads
 * @param batchSize how many sequences a run should have at most for the device to work well, at least 1; any number is
 *     accepted
 * @param facts further figures by name, for a person or a log: versions, memory, counters; in a fixed order
 */
public record DeviceInfo(String name, String description, int batchSize, Map<String, String> facts) {

    /**
     * Copies the facts, in their order.
     *
     * @param name its provider's name
     * @param description one line for a person
     * @param batchSize how many sequences a run should have at most for the device to work well
     * @param facts further figures by name
     */
    public DeviceInfo {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; it must be at least 1");
        }
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
