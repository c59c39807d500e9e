package org.distilqa;

/**
 * A setting of the program cannot be used: of the builder, of a device, of the hub, or of the environment. The message names the
 * setting, and what it may be. What a caller asks is refused with {@link InvalidRequestException} instead.
 */
public final class InvalidConfigurationException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public InvalidConfigurationException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public InvalidConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
