package org.distilqa.search.format;

/** A file of a format that is read cannot be: it is encrypted or broken, or has no text. The message names it and says what to do. */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    FormatException(String message) {
        super(message);
    }

    FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
