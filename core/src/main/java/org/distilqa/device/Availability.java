package org.distilqa.device;

/**
 * Whether a device can be used on this machine.
 *
 * @param available whether it can
 * @param explanation what the device is, if it can be used; else why not and what would help, in words for a person
 */
public record Availability(boolean available, String explanation) {

    /**
     * The device can be used.
     *
     * @param description what it is, such as the processor and the instruction set
     * @return the availability
     */
    public static Availability available(String description) {
        return new Availability(true, description);
    }

    /**
     * The device cannot be used.
     *
     * @param reason why not, and what would help
     * @return the availability
     */
    public static Availability unavailable(String reason) {
        return new Availability(false, reason);
    }
}
