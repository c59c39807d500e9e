package org.distilqa.search;

import org.distilqa.QuestionAnsweringException;

/**
 * An index or what is to be put into it cannot be used: there is none, it is damaged, of another version, locked by another process
 * or closed, or a folder has nothing to read. The message names the directory and says what to do.
 */
public final class IndexException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    IndexException(String message) {
        super(message);
    }

    IndexException(String message, Throwable cause) {
        super(message, cause);
    }
}
