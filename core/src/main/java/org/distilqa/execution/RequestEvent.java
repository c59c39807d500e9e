package org.distilqa.execution;

import java.time.Duration;
import org.distilqa.QuestionAnswererListener;

/** What a listener is told of a request. */
record RequestEvent(QuestionAnswererListener.End end, int windows, Duration took, Duration waited, int pendingWindows)
        implements QuestionAnswererListener.Request {}
