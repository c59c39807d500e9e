package org.distilqa;

/**
 * A device failed at its work: it refused a graph, ran out of memory, stopped answering, or reported an error while running.
 */
public class DeviceException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public DeviceException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
