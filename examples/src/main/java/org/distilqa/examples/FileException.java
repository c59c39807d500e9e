package org.distilqa.examples;

/** A file that was named on the command line cannot be used. The message says which and why. */
public final class FileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FileException(String message, Throwable cause) {
        super(message, cause);
    }

    FileException(String message) {
        super(message);
    }
}
