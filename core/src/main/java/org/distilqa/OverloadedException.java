package org.distilqa;

/**
 * So much waits for the devices that no further request is taken: {@code maxPendingWindows} windows or more, with
 * {@link WhenFull#REJECT}. Nothing was computed; the same request may be made again later.
 */
public final class OverloadedException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public OverloadedException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public OverloadedException(String message, Throwable cause) {
        super(message, cause);
    }
}
