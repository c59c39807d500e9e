package org.distilqa.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files as documents: plain text, Markdown and HTML, in UTF-8, in UTF-16 and UTF-32 (with a byte order mark or without one), in
 * Windows-1252, of which Latin-1 is a part, or in an encoding that is named. What is no text is refused by what it is (a PDF document, a
 * PNG image). The whole of a file is held in memory. Immutable, safe for use by many threads.
 *
 * <p>It is all there is of reading files: a command line, a search and a service have the same text for the same file.
 */
public final class DocumentReader {
    private final Charset encoding;
    private final DocumentFormat format;

    /** A reader that finds out each file's encoding and format. */
    public DocumentReader() {
        this(null, null);
    }

    private DocumentReader(Charset encoding, DocumentFormat format) {
        this.encoding = encoding;
        this.format = format;
    }

    /**
     * This reader with an encoding that all files are in, whatever they say.
     *
     * @param encoding the encoding
     * @return a new reader
     */
    public DocumentReader withEncoding(Charset encoding) {
        return new DocumentReader(encoding, format);
    }

    /**
     * This reader with a format that all files have, whatever their names end with.
     *
     * @param format the format; {@link DocumentFormat#TEXT} leaves markup in the text
     * @return a new reader
     */
    public DocumentReader withFormat(DocumentFormat format) {
        return new DocumentReader(encoding, format);
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its document, named by the path as it is
     * @throws DocumentException if it cannot be read, is no text, or is in an encoding that was not found out
     */
    public Document read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new DocumentException(file.toString(), "is a directory");
            }
            return read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        } catch (OutOfMemoryError e) {
            throw new DocumentException(file.toString(), "is too large for the memory", e);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param name what messages call it; its end tells the format, as a file's does
     * @param in the stream, which stays the caller's to close
     * @return its document
     * @throws DocumentException as {@link #read(Path)} says
     */
    public Document read(String name, InputStream in) {
        try {
            return read(name, in.readAllBytes());
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * Reads what was a file.
     *
     * @param name what messages call it; its end tells the format, as a file's does
     * @param bytes the bytes of the file
     * @return its document
     * @throws DocumentException if it is no text, or in an encoding that was not found out
     */
    public Document read(String name, byte[] bytes) {
        DecodedText decoded = DecodedText.of(name, bytes, encoding);
        Document document = read(name, decoded.text());
        return decoded.guessed() ? document.withGuessedEncoding(decoded.encoding()) : document;
    }

    /**
     * Takes the markup of a file away that is decoded already.
     *
     * @param name what messages call it; its end tells the format, as a file's does
     * @param file the characters of the file, without a byte order mark
     * @return its document
     */
    public Document read(String name, String file) {
        return switch (format == null ? DocumentFormat.of(name, file) : format) {
            case TEXT -> Document.of(name, file);
            case MARKDOWN -> MarkdownText.read(name, file);
            case HTML -> HtmlText.read(name, file);
        };
    }

    private static DocumentException unreadable(String name, IOException e) {
        String reason = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "it may not be read" : "cannot be read: " + e.getMessage();
        return new DocumentException(name, reason, e);
    }
}
