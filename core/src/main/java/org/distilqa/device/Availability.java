package org.distilqa.device;

import java.util.Objects;

/** Whether a device can be used on this machine, or an answerer still answers. Immutable. */
public final class Availability {
    private final boolean available;
    private final String explanation;

    private Availability(boolean available, String explanation) {
        this.available = available;
        this.explanation = Objects.requireNonNull(explanation);
    }

    /**
     * It can be used.
     *
     * @param description what it is, such as the processor and the instruction set
     * @return the availability
     */
    public static Availability available(String description) {
        return new Availability(true, description);
    }

    /**
     * It cannot be used.
     *
     * @param reason why not, and what would help
     * @return the availability
     */
    public static Availability unavailable(String reason) {
        return new Availability(false, reason);
    }

    /**
     * Whether it can be used.
     *
     * @return whether it can
     */
    public boolean available() {
        return available;
    }

    /**
     * What it is, if it can be used; else why not and what would help.
     *
     * @return words for a person
     */
    public String explanation() {
        return explanation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Availability availability
                && available == availability.available
                && explanation.equals(availability.explanation);
    }

    @Override
    public int hashCode() {
        return Objects.hash(available, explanation);
    }

    @Override
    public String toString() {
        return (available ? "available: " : "not available: ") + explanation;
    }
}
