package org.distilqa.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What a file is that is no text, told by the bytes at its begin as the formats' specifications and {@code file(1)} have them.
 *
 * @param name what it is, with an article: {@code a PDF document}
 * @param advice what to do with it instead of reading it as text
 */
public record FileKind(String name, String advice) {
    private static final String UNPACK = "unpack it first";
    private static final String SAVE = "save it as plain text or HTML first";
    private static final String NO_TEXT = "there is no text in it to read";

    /** How many entries of an archive are looked at. */
    private static final int MOST_ENTRIES = 64;

    private static final FileKind ZIP = new FileKind("a zip archive", UNPACK);

    private record Signature(int offset, byte[] bytes, FileKind kind) {
        boolean begins(byte[] file) {
            if (file.length < offset + bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (file[offset + i] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Signature> SIGNATURES = List.of(
            signature("%PDF-", "a PDF document", "take its text out first, for example with pdftotext"),
            signature("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "an old Microsoft Office document", SAVE),
            signature("{\\rtf", "an RTF document", SAVE),
            signature("\u0089PNG\r\n\u001a\n", "a PNG image", NO_TEXT),
            signature("\u00ff\u00d8\u00ff", "a JPEG image", NO_TEXT),
            signature("GIF87a", "a GIF image", NO_TEXT),
            signature("GIF89a", "a GIF image", NO_TEXT),
            signature(8, "WEBP", "a WebP image", NO_TEXT),
            signature("II*\0", "a TIFF image", NO_TEXT),
            signature("MM\0*", "a TIFF image", NO_TEXT),
            signature("\0\0\1\0", "an icon", NO_TEXT),
            signature(4, "ftyp", "a video or a picture in MPEG-4's format", NO_TEXT),
            signature("ID3", "an MP3 sound", NO_TEXT),
            signature("OggS", "an Ogg sound or video", NO_TEXT),
            signature("fLaC", "a FLAC sound", NO_TEXT),
            signature(8, "WAVE", "a WAVE sound", NO_TEXT),
            signature("\u001f\u008b", "a gzip file", UNPACK),
            signature(4, "1AY&SY", "a bzip2 file", UNPACK),
            signature("\u00fd7zXZ\0", "an xz file", UNPACK),
            signature("\u0028\u00b5\u002f\u00fd", "a zstd file", UNPACK),
            signature("7z\u00bc\u00af\u0027\u001c", "a 7z archive", UNPACK),
            signature("Rar!\u001a\u0007", "a rar archive", UNPACK),
            signature(257, "ustar", "a tar archive", UNPACK),
            signature("!<arch>\n", "an ar archive", UNPACK),
            signature("\u007fELF", "a program or library (ELF)", NO_TEXT),
            signature("\u00cf\u00fa\u00ed\u00fe", "a program or library (Mach-O)", NO_TEXT),
            signature("\u00ca\u00fe\u00ba\u00be", "a Java class or a program (Mach-O)", NO_TEXT),
            signature(0x40, "\u000e\u001f\u00ba\u000e", "a program or library (Windows)", NO_TEXT),
            signature("\0asm", "a WebAssembly module", NO_TEXT),
            signature("wOFF", "a font", NO_TEXT),
            signature("wOF2", "a font", NO_TEXT),
            signature("\0\1\0\0\0", "a font", NO_TEXT),
            signature("SQLite format 3\0", "an SQLite database", "export the texts in it first"),
            signature("PAR1", "a Parquet file", "export the texts in it first"),
            signature("\u0089HDF\r\n\u001a\n", "an HDF5 file", "export the texts in it first"),
            signature("\u0093NUMPY", "an array of NumPy", NO_TEXT),
            signature("GGUF", "a model in GGUF", NO_TEXT));

    private static Signature signature(String bytes, String name, String advice) {
        return signature(0, bytes, name, advice);
    }

    /** Each character of {@code bytes} is one byte. */
    private static Signature signature(int offset, String bytes, String name, String advice) {
        return new Signature(offset, bytes.getBytes(StandardCharsets.ISO_8859_1), new FileKind(name, advice));
    }

    /**
     * What a file is.
     *
     * @param file its bytes; of a long one the first 64 KiB are enough
     * @return its kind; empty if it may be a text, or something that is not known
     */
    public static Optional<FileKind> of(byte[] file) {
        if (file.length > 3
                && file[0] == 'P'
                && file[1] == 'K'
                && (file[2] == 3 && file[3] == 4 || file[2] == 5 && file[3] == 6)) {
            return Optional.of(ofZip(file));
        }
        return SIGNATURES.stream()
                .filter(signature -> signature.begins(file))
                .map(Signature::kind)
                .findFirst();
    }

    /** Office documents, books and programs are zip archives, told by the names of what is in them. */
    private static FileKind ofZip(byte[] file) {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            ZipEntry entry = zip.getNextEntry();
            for (int i = 0; entry != null && i < MOST_ENTRIES; i++) {
                Optional<FileKind> kind = ofEntry(entry.getName(), zip);
                if (kind.isPresent()) {
                    return kind.get();
                }
                entry = zip.getNextEntry();
            }
        } catch (IOException | IllegalArgumentException e) {
            // It is cut off or broken, which changes nothing about what it is.
            return ZIP;
        }
        return ZIP;
    }

    private static Optional<FileKind> ofEntry(String entry, ZipInputStream zip) throws IOException {
        if (entry.equals("mimetype")) {
            String type = new String(zip.readNBytes(64), StandardCharsets.ISO_8859_1);
            if (type.startsWith("application/epub")) {
                return Optional.of(new FileKind("an EPUB book", SAVE));
            }
            if (type.startsWith("application/vnd.oasis.opendocument")) {
                return Optional.of(new FileKind("an OpenDocument file", SAVE));
            }
        }
        String name = entry.startsWith("word/")
                ? "a Word document (docx)"
                : entry.startsWith("xl/")
                        ? "an Excel sheet (xlsx)"
                        : entry.startsWith("ppt/")
                                ? "a PowerPoint presentation (pptx)"
                                : entry.equals("META-INF/MANIFEST.MF") ? "a Java archive (jar)" : "";
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new FileKind(name, name.endsWith("(jar)") ? UNPACK : SAVE));
    }
}
