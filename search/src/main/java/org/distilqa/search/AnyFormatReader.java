package org.distilqa.search;

import java.util.Objects;
import java.util.Optional;
import org.distilqa.search.format.FormatException;
import org.distilqa.search.format.TikaReader;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentException;
import org.distilqa.text.DocumentReader;

/**
 * Reads files of all formats that a folder may hold: text, Markdown and HTML with a {@link DocumentReader}; PDF, RTF and the formats of
 * Word, PowerPoint and Excel with Apache Tika. Immutable, safe for use by many threads.
 */
public final class AnyFormatReader {
    private final DocumentReader reader;
    private final TikaReader tika = new TikaReader();

    /** A reader that finds out each file's encoding and format. */
    public AnyFormatReader() {
        this(new DocumentReader());
    }

    /**
     * A reader with settings for text, Markdown and HTML.
     *
     * @param reader what reads those
     */
    public AnyFormatReader(DocumentReader reader) {
        this.reader = Objects.requireNonNull(reader, "reader");
    }

    /** What the reader of text, Markdown and HTML was told: {@link DocumentReader#settings}. */
    String settings() {
        return reader.settings();
    }

    /**
     * Reads what was a file.
     *
     * @param name what messages call it, and the document's name; its end may tell the format
     * @param bytes the bytes of the file
     * @return its document
     * @throws DocumentException if it is of a format that is not read, or in an encoding that was not found out
     * @throws IndexException if it is encrypted or broken, or there is no text in it
     */
    public Document read(String name, byte[] bytes) {
        try {
            return reader.read(name, bytes);
        } catch (DocumentException e) {
            // Tika is asked last: what is text is the same text here as everywhere else.
            return noText(name, bytes).orElseThrow(() -> e);
        }
    }

    private Optional<Document> noText(String name, byte[] bytes) {
        try {
            return tika.read(name, bytes);
        } catch (FormatException e) {
            throw new IndexException(e.getMessage(), e);
        }
    }
}
