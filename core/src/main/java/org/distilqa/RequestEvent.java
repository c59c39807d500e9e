package org.distilqa;

import java.time.Duration;

/** What a listener is told of a request. */
record RequestEvent(QuestionAnswererListener.End end, int windows, Duration took, Duration waited, int pendingWindows)
        implements QuestionAnswererListener.Request {}
