package org.distilqa;

/**
 * A device failed for good: every further run fails until it is opened again. A device throws this, and not a mere
 * {@link DeviceException}, so that its work goes to another one at once.
 */
public final class DeviceLostException extends DeviceException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public DeviceLostException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public DeviceLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
