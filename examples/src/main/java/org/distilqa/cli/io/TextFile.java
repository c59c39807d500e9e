package org.distilqa.cli.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.distilqa.text.DocumentFormat;
import org.distilqa.text.DocumentReader;

/** Reads files that were named on the command line, with messages for the person who named them. */
public final class TextFile {
    private TextFile() {}

    /**
     * The characters of a file in UTF-8, as JSON is.
     *
     * @param name its path; {@code -} stands for standard input
     * @return its text, without a byte order mark
     * @throws org.distilqa.text.DocumentException if it cannot be read, or is not in UTF-8
     */
    public static String read(String name) {
        DocumentReader reader =
                new DocumentReader().withFormat(DocumentFormat.TEXT).withEncoding(StandardCharsets.UTF_8);
        return (name.equals("-") ? reader.read(name, System.in) : reader.read(Path.of(name))).text();
    }

    /**
     * Opens a file.
     *
     * @param file the file
     * @return its bytes; the caller closes it
     * @throws FileException if it cannot be read
     */
    public static InputStream open(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new FileException(file + ": is a directory");
            }
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * What tells a person that a file cannot be read.
     *
     * @param name what the person called it
     * @param e why
     * @return the exception to throw
     */
    public static FileException unreadable(String name, IOException e) {
        String reason = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "it may not be read" : "cannot be read: " + e.getMessage();
        return new FileException(name + ": " + reason, e);
    }
}
