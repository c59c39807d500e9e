package org.distilqa.search.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.DocumentSelector;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.EmptyParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.distilqa.text.Document;
import org.xml.sax.SAXException;

/**
 * Reads with Apache Tika what is no text: PDF, and the formats of Microsoft's Word, PowerPoint and Excel, old and new, and RTF. Files
 * within files are left out. Immutable, safe for use by many threads.
 */
public final class TikaReader {
    private final AutoDetectParser parser =
            new AutoDetectParser(new PDFParser(), new OOXMLParser(), new OfficeParser(), new RTFParser());

    /** A reader of all these formats. */
    public TikaReader() {}

    /**
     * The text of a file and its places.
     *
     * @param name the document's name, and what messages call it
     * @param bytes the file
     * @return the document; empty if the file is of another format
     * @throws FormatException if it is encrypted or broken, or there is no text in it
     */
    public Optional<Document> read(String name, byte[] bytes) throws FormatException {
        try {
            Metadata metadata = new Metadata();
            metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
            ParseContext context = context();
            try (TikaInputStream in = TikaInputStream.get(new ByteArrayInputStream(bytes))) {
                if (!isSupported(parser.getDetector().detect(in, metadata), context)) {
                    return Optional.empty();
                }
                XhtmlText text = new XhtmlText();
                parser.parse(in, text, metadata, context);
                return Optional.of(document(name, metadata.get(TikaCoreProperties.TITLE), text));
            }
        } catch (FormatException e) {
            throw e;
        } catch (EncryptedDocumentException e) {
            throw new FormatException(name + ": is encrypted; save it without a password first", e);
        } catch (TikaException | SAXException | IOException | RuntimeException | StackOverflowError e) {
            // Parsers of others' formats meet what their authors did not think of; one file must not end the indexing
            // of all.
            throw new FormatException(name + ": is broken or of a kind that cannot be read: " + reason(e), e);
        }
    }

    private boolean isSupported(MediaType type, ParseContext context) {
        return parser.getParsers(context).keySet().stream()
                .anyMatch(parsed -> parsed.equals(type.getBaseType())
                        || parser.getMediaTypeRegistry().isInstanceOf(type, parsed));
    }

    private static Document document(String name, String title, XhtmlText text) throws FormatException {
        if (text.text().isBlank()) {
            throw new FormatException(
                    name + ": there is no text in it; if its pages are pictures, recognize their text (OCR) first");
        }
        return Document.of(name, title == null || title.isBlank() ? name : title.strip(), text.text(), text.places());
    }

    private static ParseContext context() {
        PDFParserConfig config = new PDFParserConfig();
        config.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        ParseContext context = new ParseContext();
        context.set(PDFParserConfig.class, config);
        context.set(DocumentSelector.class, metadata -> false);
        context.set(Parser.class, new EmptyParser());
        return context;
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() != null && failure instanceof TikaException ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
