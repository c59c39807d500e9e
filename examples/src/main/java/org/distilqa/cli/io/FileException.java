package org.distilqa.cli.io;

/** A file that was named on the command line cannot be used. The message says which and why. */
public final class FileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With what is beneath it.
     *
     * @param message which file, and why
     * @param cause the failure that led here
     */
    public FileException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * With a message alone.
     *
     * @param message which file, and why
     */
    public FileException(String message) {
        super(message);
    }
}
