package org.distilqa;

/**
 * The caller's input cannot be used: a missing question or context, an option out of its range, token ids that the model does not
 * have. The message names the option and its range. Nothing was computed; other requests are not affected.
 */
public final class InvalidRequestException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public InvalidRequestException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
