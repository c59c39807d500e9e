package org.distilqa;

/**
 * The device that was asked for cannot be opened here: there is no provider of that name, or its provider says why this machine
 * cannot run it. The message lists the devices that exist and, for each, whether it is available or why not.
 */
public final class DeviceUnavailableException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public DeviceUnavailableException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public DeviceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
