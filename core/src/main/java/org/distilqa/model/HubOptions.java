package org.distilqa.model;

/** Placeholder, written next. */
public final class HubOptions {
    private HubOptions() {}

    /**
     * Placeholder.
     *
     * @return options
     */
    public static HubOptions fromEnvironment() {
        return new HubOptions();
    }
}
