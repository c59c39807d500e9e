package org.distilqa.model;

/** Placeholder, written next. */
public final class HubOptions {
    private HubOptions() {}
}
