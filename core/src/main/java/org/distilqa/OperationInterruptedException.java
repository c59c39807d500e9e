package org.distilqa;

/**
 * A call was given up because its thread was interrupted. The thread's interrupt flag is set again, nothing is left half done,
 * and the call may be made again.
 */
public final class OperationInterruptedException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was interrupted
     */
    public OperationInterruptedException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was interrupted
     * @param cause the failure that led here
     */
    public OperationInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
