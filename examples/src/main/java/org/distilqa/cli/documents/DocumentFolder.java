package org.distilqa.cli.documents;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.QuestionAnswerer;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.ProgressOption;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.search.FolderReport;
import org.distilqa.text.DocumentReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A folder of documents that was named on the command line, or an index that was made of one: how it is read. */
final class DocumentFolder {
    static final String DESCRIPTION =
            "A folder of documents, or an index that was made of one, which is then only read.";

    /** So many messages about files are printed, and how many more there are. */
    private static final int MOST_MESSAGES = 5;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--index",
            paramLabel = "DIR",
            description = "Where to keep the index of the folder (default: in the user's cache).")
    private Path index;

    @Option(
            names = "--encoding",
            paramLabel = "E",
            converter = EncodingName.class,
            description =
                    "The encoding of the folder's files that do not tell theirs, such as windows-1251, where it is"
                            + " not found out rightly. Another one than before reads the folder anew.")
    private Charset encoding;

    @Option(
            names = "--passages",
            paramLabel = "N",
            defaultValue = "" + DocumentAnswerer.DEFAULT_PASSAGES,
            description = "How many passages to read for a question (default: ${DEFAULT-VALUE}).")
    private int passages;

    @Mixin
    private ProgressOption progress;

    /** Refuses what is no folder, before a model is loaded. */
    static void require(Path docs) {
        if (!Files.isDirectory(docs)) {
            throw new FileException(docs + ": "
                    + (Files.exists(docs)
                            ? "is a file, not a folder; ./distilqa answer --context-file asks of a file"
                            : "there is no such folder"));
        }
    }

    /**
     * Opens the index, and brings it up to date with the folder.
     *
     * @param docs the folder or the index
     */
    DocumentAnswerer open(Path docs, QuestionAnswerer answerer) {
        boolean isIndex = DocumentAnswerer.isIndex(docs);
        DocumentAnswerer.Builder builder = DocumentAnswerer.builder(answerer)
                .passages(passages)
                .readOnly(isIndex)
                .reader(reader());
        if (isIndex) {
            return builder.index(docs).build();
        }
        DocumentAnswerer documents = (index == null ? builder.indexInCacheFor(docs) : builder.index(index)).build();
        try {
            update(docs, documents);
            return documents;
        } catch (RuntimeException e) {
            documents.close();
            throw e;
        }
    }

    private DocumentReader reader() {
        DocumentReader reader = new DocumentReader();
        return encoding == null ? reader : reader.withFallbackEncoding(encoding);
    }

    private void update(Path docs, DocumentAnswerer documents) {
        PrintWriter err = command.commandLine().getErr();
        FolderReport report;
        try (ProgressBar bar = progress.bar("files")) {
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
