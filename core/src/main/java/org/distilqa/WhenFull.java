package org.distilqa;

/** What happens to a request that finds {@code maxPendingWindows} windows waiting. */
public enum WhenFull {
    /** The thread that asks waits until there is room. The default. */
    WAIT,

    /** It is refused at once with an {@link OverloadedException}. */
    REJECT
}
