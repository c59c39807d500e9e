package org.distilqa.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads files as documents: plain text, Markdown and HTML, in UTF-8, in UTF-16 and UTF-32 (with a byte order mark or without one), in
 * Windows-1252, of which Latin-1 is a part, or in an encoding that is named. What is no text is refused by what it is (a PDF document, a
 * PNG image). The whole of a file is held in memory. Immutable, safe for use by many threads.
 *
 * <p>It is all there is of reading files: a command line, a search and a service have the same text for the same file.
 */
public final class DocumentReader {
    private final Charset encoding;
    private final Charset fallback;
    private final DocumentFormat format;

    /** A reader that finds out each file's encoding and format. */
    public DocumentReader() {
        this(null, null, null);
    }

    private DocumentReader(Charset encoding, Charset fallback, DocumentFormat format) {
        this.encoding = encoding;
        this.fallback = fallback;
        this.format = format;
    }

    /**
     * This reader with an encoding that all files are in, whatever they say.
     *
     * @param encoding the encoding
     * @return a new reader
     */
    public DocumentReader withEncoding(Charset encoding) {
        return new DocumentReader(encoding, fallback, format);
    }

    /**
     * This reader with an encoding for files that do not tell theirs: by a byte order mark, by naming it in HTML or XML, by the zeros of
     * UTF-16, or by being sound UTF-8 with characters beyond ASCII. Otherwise such files are read as Windows-1252 where their bytes look
     * like it, and refused where they do not.
     *
     * @param fallback the encoding
     * @return a new reader
     */
    public DocumentReader withFallbackEncoding(Charset fallback) {
        return new DocumentReader(encoding, fallback, format);
    }

    /**
     * This reader with a format that all files have, whatever their names end with.
     *
     * @param format the format; {@link DocumentFormat#TEXT} leaves markup in the text
     * @return a new reader
     */
    public DocumentReader withFormat(DocumentFormat format) {
        return new DocumentReader(encoding, fallback, format);
    }

    /**
     * What this reader was told, as text. Two readers of equal settings read every file alike, so that whoever keeps what was read can
     * tell whether another reader would read it anew.
     *
     * @return the settings; empty if all is found out
     */
    public String settings() {
        List<String> settings = new ArrayList<>();
        if (encoding != null) {
            settings.add("encoding=" + encoding.name());
        }
        if (fallback != null) {
            settings.add("fallback=" + fallback.name());
        }
        if (format != null) {
            settings.add("format=" + format);
        }
        return String.join(",", settings);
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
        DecodedText decoded = DecodedText.of(name, bytes, encoding, fallback);
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
