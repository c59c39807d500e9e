package org.distilqa.cli.documents;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.TextFile;
import org.distilqa.cli.options.Choice;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentException;
import org.distilqa.text.DocumentFormat;
import org.distilqa.text.DocumentReader;
import picocli.CommandLine.Option;

/** Reads the files and folders that were named on the command line. */
final class DocumentFiles {
    @Option(
            names = "--encoding",
            paramLabel = "E",
            converter = EncodingName.class,
            description = "The encoding of the files, such as ISO-8859-1, where it is not found out rightly.")
    private Charset encoding;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = Format.class,
            completionCandidates = Format.class,
            description =
                    "What the files are: text, markdown or html. Without it, their names tell; the markup of Markdown"
                            + " and HTML is left out of the text.")
    private DocumentFormat format;

    private static final class Format extends Choice<DocumentFormat> {
        private Format() {
            super(List.of(DocumentFormat.values()), format -> format.name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Reads files, all texts of folders, and standard input, which {@code -} stands for.
     *
     * @param names what was named
     * @param err where it is said what was passed over
     * @return the documents that have a text, at least one
     */
    List<Document> read(List<Path> names, PrintWriter err) {
        List<Document> documents = new ArrayList<>();
        for (Path name : new LinkedHashSet<>(names)) {
            if (name.toString().isEmpty()) {
                throw new FileException("the name of a file is empty");
            }
            if (!name.toString().equals("-") && Files.isDirectory(name)) {
                documents.addAll(readFolder(name, err));
            } else {
                documents.add(read(name));
            }
        }
        for (Document document : documents) {
            document.guessedEncoding()
                    .ifPresent(guessed -> err.println("distilqa: " + document.name() + ": read as " + guessed.name()
                            + "; --encoding names another"));
        }
        List<Document> texts = documents.stream()
                .filter(document -> !document.text().isBlank())
                .toList();
        if (texts.isEmpty()) {
            throw new FileException(names.get(0) + ": holds no text");
        }
        return texts;
    }

    private Document read(Path name) {
        return name.toString().equals("-") ? reader().read("-", System.in) : reader().read(name);
    }

    private DocumentReader reader() {
        DocumentReader reader = new DocumentReader();
        reader = encoding == null ? reader : reader.withEncoding(encoding);
        return format == null ? reader : reader.withFormat(format);
    }

    /** Hidden files are left out; what is no text is passed over. */
    private List<Document> readFolder(Path folder, PrintWriter err) {
        List<Document> documents = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (Path file : files(folder)) {
            try {
                documents.add(reader().read(file));
            } catch (DocumentException e) {
                passedOver.add(e.getMessage());
            }
        }
        if (documents.isEmpty()) {
            throw new FileException(
                    folder + ": holds no text file" + (passedOver.isEmpty() ? "" : "; " + passedOver.get(0)));
        }
        if (!passedOver.isEmpty()) {
            err.println("distilqa: " + folder + ": passed over " + passedOver.size() + " of "
                    + (documents.size() + passedOver.size()) + " files; " + passedOver.get(0));
        }
        return documents;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> isShown(folder.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw TextFile.unreadable(folder.toString(), e);
        } catch (UncheckedIOException e) {
            throw TextFile.unreadable(folder.toString(), e.getCause());
        }
    }

    private static boolean isShown(Path file) {
        for (Path name : file) {
            if (name.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }
}
