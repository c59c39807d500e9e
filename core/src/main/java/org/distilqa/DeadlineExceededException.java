package org.distilqa;

/**
 * A request was not answered within its {@linkplain QuestionRequest#withDeadline deadline}. What was left of it is not computed.
 */
public final class DeadlineExceededException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public DeadlineExceededException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public DeadlineExceededException(String message, Throwable cause) {
        super(message, cause);
    }
}
