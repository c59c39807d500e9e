package org.distilqa.server;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.distilqa.QuestionAnswerer;
import org.distilqa.search.DocumentAnswerer;

/**
 * Documents that a server searches for answers.
 *
 * @param folder where they lie: callers see their names from there on, and the folder's own name, but not where it is
 * @param open opens them for the server's answerer; the server closes what it gives
 */
public record DocumentCollection(Path folder, Function<QuestionAnswerer, DocumentAnswerer> open) {
    /**
     * Checks that nothing is null.
     *
     * @param folder where they lie
     * @param open opens them
     */
    public DocumentCollection {
        folder = folder.toAbsolutePath().normalize();
        Objects.requireNonNull(open, "open");
    }

    /** What the page calls it. */
    String title() {
        return folder.getFileName() == null
                ? folder.toString()
                : folder.getFileName().toString();
    }

    /** A document's name as callers see it: from the folder on, with slashes. */
    String shortened(String document) {
        Path file = Path.of(document);
        return file.startsWith(folder) ? folder.relativize(file).toString().replace('\\', '/') : document;
    }
}
