package org.distilqa;

/**
 * A checkpoint cannot be used: a file is missing, truncated or malformed, a tensor is absent or has another shape than the
 * configuration says, a weight is not a number. The message names the file and the reason.
 */
public final class InvalidModelException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public InvalidModelException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
