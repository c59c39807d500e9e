package org.distilqa;

/**
 * Something was used after it was closed.
 */
public final class ClosedException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public ClosedException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public ClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
