package org.distilqa;

/**
 * A file could not be brought from a hub: no such repository, revision or file, no permission, no network, or a server that kept
 * failing. The message names the address, the server's answer, and what to try.
 */
public class ModelDownloadException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public ModelDownloadException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public ModelDownloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
