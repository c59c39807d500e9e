package org.distilqa.device;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an open device is. Immutable. */
public final class DeviceInfo {
    private final String name;
    private final String description;
    private final int batchSize;
    private final Map<String, String> facts;

    /**
     * Says what a device is. Copies the facts, in their order.
     *
     * @param name its provider's name
     * @param description one line for a person, such as the processor, the instruction set and the number of threads
     * @param batchSize how many sequences a run should have at most for the device to work well, at least 1; any number is
     *     accepted
     * @param facts further figures by name, for a person or a log: versions, memory, counters; in a fixed order
     * @throws IllegalArgumentException if batchSize is less than 1
     */
    public DeviceInfo(String name, String description, int batchSize, Map<String, String> facts) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; it must be at least 1");
        }
        this.name = name;
        this.description = description;
        this.batchSize = batchSize;
        this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * Its provider's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * What it is, such as the processor, the instruction set and the number of threads.
     *
     * @return one line for a person
     */
    public String description() {
        return description;
    }

    /**
     * How many sequences a run should have at most for the device to work well; any number is accepted.
     *
     * @return the number, at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Further figures, for a person or a log: versions, memory, counters.
     *
     * @return the figures by name, in a fixed order; unmodifiable
     */
    public Map<String, String> facts() {
        return facts;
    }

    /**
     * Its name as people and programs are told it: with the precision that it computes in, if it has several.
     *
     * @return such as {@code cpu} or {@code onednn (bfloat16)}
     */
    public String nameAndPrecision() {
        String precision = facts.get("precision");
        return precision == null ? name : name + " (" + precision + ")";
    }

    @Override
    public String toString() {
        return name + ": " + description + " " + facts;
    }
}
