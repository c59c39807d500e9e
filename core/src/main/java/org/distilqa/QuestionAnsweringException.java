package org.distilqa;

/**
 * The root of every exception that DistilQA throws on purpose. Its message says what was wrong and what to do: which file, which
 * tensor, which option and its range, which device and why it is not available.
 */
public class QuestionAnsweringException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message for the person who has to act on it.
     *
     * @param message what was wrong and what to do
     */
    public QuestionAnsweringException(String message) {
        super(message);
    }

    /**
     * An exception with a message and the failure beneath it.
     *
     * @param message what was wrong and what to do
     * @param cause the failure that led here
     */
    public QuestionAnsweringException(String message, Throwable cause) {
        super(message, cause);
    }
}
