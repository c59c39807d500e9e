package org.distilqa.schedule;

import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.internal.LibraryFault;

/** What a request is told of a device that failed. */
final class DeviceFailures {
    private DeviceFailures() {}

    /**
     * A new exception, since each request has its own. Whatever was thrown, no request is at fault: what it asked for was checked
     * before.
     */
    static QuestionAnsweringException of(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof ClosedException) {
            return new ClosedException(message, failure);
        }
        if (failure instanceof DeviceLostException) {
            return new DeviceLostException(message, failure);
        }
        if (failure instanceof QuestionAnsweringException) {
            return new DeviceException(message, failure);
        }
        String reason = failure instanceof Error ? LibraryFault.explain(failure) : failure.toString();
        return new DeviceException("the device failed: " + reason, failure);
    }

    /** Whether the device will never work again. */
    static boolean isForGood(Throwable failure) {
        return failure instanceof DeviceLostException || failure instanceof ClosedException;
    }
}
