package org.distilqa.text;

import java.util.Optional;
import org.distilqa.QuestionAnsweringException;

/** A file cannot be read as a document. The message begins with its name and says what is wrong and what to do. */
public final class DocumentException extends QuestionAnsweringException {
    private static final long serialVersionUID = 1L;

    private final transient FileKind kind;

    DocumentException(String name, String message, Throwable cause) {
        super(name + ": " + message, cause);
        this.kind = null;
    }

    DocumentException(String name, String message) {
        super(name + ": " + message);
        this.kind = null;
    }

    DocumentException(String name, FileKind kind) {
        super(name + ": is " + kind.name() + ", not text: " + kind.advice());
        this.kind = kind;
    }

    /**
     * What the file is, if it is of a known kind that is no text.
     *
     * @return the kind; empty if the file is missing, broken, or of no known kind, and after this exception was serialized
     */
    public Optional<FileKind> kind() {
        return Optional.ofNullable(kind);
    }
}
