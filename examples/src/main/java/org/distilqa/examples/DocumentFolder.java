package org.distilqa.examples;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.QuestionAnswerer;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.search.FolderReport;

/**
 * A folder of documents that was named on the command line, or an index that was made of one.
 *
 * @param docs the folder or the index
 * @param index where the folder's index is kept; null for the user's cache
 * @param passages how many passages are read for a question
 * @param progress whether progress is shown where there is no terminal too
 * @param err where progress is shown, and what could not be read
 */
record DocumentFolder(Path docs, Path index, int passages, boolean progress, PrintWriter err) {
    static final String DESCRIPTION =
            "A folder of documents, or an index that was made of one, which is then only read.";

    /** So many messages about files are printed, and how many more there are. */
    private static final int MOST_MESSAGES = 5;

    DocumentFolder {
        if (!Files.isDirectory(docs)) {
            throw new FileException(docs + ": "
                    + (Files.exists(docs)
                            ? "is a file, not a folder; ./distilqa answer --context-file asks of a file"
                            : "there is no such folder"));
        }
    }

    /** Opens the index, and brings it up to date with the folder. */
    DocumentAnswerer open(QuestionAnswerer answerer) {
        boolean isIndex = DocumentAnswerer.isIndex(docs);
        DocumentAnswerer.Builder builder =
                DocumentAnswerer.builder(answerer).passages(passages).readOnly(isIndex);
        if (isIndex) {
            return builder.index(docs).build();
        }
        DocumentAnswerer documents = (index == null ? builder.indexInCacheFor(docs) : builder.index(index)).build();
        try {
            update(documents);
            return documents;
        } catch (RuntimeException e) {
            documents.close();
            throw e;
        }
    }

    private void update(DocumentAnswerer documents) {
        FolderReport report;
        try (ProgressBar bar = new ProgressBar(err, "files", progress)) {
            report = documents.indexFolder(docs, bar::update);
        }
        err.println("distilqa: " + docs + ": " + report.added() + " files new, " + report.changed() + " changed, "
                + report.removed() + " gone, " + report.unchanged() + " as before; " + documents.passages()
                + " passages");
        report.unreadable().stream()
                .limit(MOST_MESSAGES)
                .forEach(message -> err.println("distilqa: left out: " + Excerpt.onOneLine(message)));
        if (report.unreadable().size() > MOST_MESSAGES) {
            err.println("distilqa: and " + (report.unreadable().size() - MOST_MESSAGES) + " more left out");
        }
    }
}
