package org.distilqa.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
    private static final String TEXT = "Zoë’s café\nwas built in 1874.\n";

    private final DocumentReader reader = new DocumentReader();

    @TempDir
    private Path directory;

    private Document read(byte[] bytes) {
        return reader.read("notes.txt", bytes);
    }

    private static byte[] withMark(String text, String charset) {
        return ("\ufeff" + text).getBytes(Charset.forName(charset));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void aByteOrderMarkTellsTheEncodingAndIsNotCounted(String charset) {
        Document document = read(withMark(TEXT, charset));
        assertThat(document.text()).isEqualTo(TEXT);
        assertThat(document.places().start(0)).isEqualTo(new Place(0, 1, 1, 0));
        assertThat(document.guessedEncoding()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE", "UTF-16BE"})
    void utf16WithoutAMarkIsFoundOut(String charset) {
        Document document = read("The mill stands in 東京, Привет. Built in 1874.\n".getBytes(Charset.forName(charset)));
        assertThat(document.text()).contains("東京, Привет");
        assertThat(document.guessedEncoding()).contains(Charset.forName(charset));
        assertThat(read("Мельница построена в 1912 году.".getBytes(Charset.forName(charset)))
                        .text())
                .startsWith("Мельница");
        assertThat(read("水車小屋は\n1912年".getBytes(Charset.forName(charset))).text())
                .startsWith("水車小屋");
    }

    @Test
    void latin1IsFoundOutAndSaid() {
        String text = "La créée fut bâtie à Besançon en 1874, où l'été dure. Straße, señor, 20 °C.\n";
        Document document = read(text.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(document.text()).isEqualTo(text);
        assertThat(document.guessedEncoding()).contains(Charset.forName("windows-1252"));
        assertThat(read(TEXT.getBytes(Charset.forName("windows-1252"))).text()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-1251", "KOI8-R", "ISO-8859-7", "Shift_JIS", "GBK", "EUC-KR", "ISO-8859-8"})
    void anEncodingThatCannotBeToldIsRefusedAndNotReadAsTheWrongLetters(String charset) {
        String text = switch (charset) {
            case "windows-1251", "KOI8-R" -> "Мельницу построили в 1912 году.";
            case "ISO-8859-7" -> "Ο μύλος χτίστηκε το 1912.";
            case "ISO-8859-8" -> "הטחנה נבנתה בשנת 1912.";
            case "EUC-KR" -> "방앗간은 1912년에 지어졌다.";
            case "GBK" -> "磨坊建于1912年。";
            default -> "製粉所は1912年に建てられた。";
        };
        byte[] bytes = text.getBytes(Charset.forName(charset));
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(DocumentException.class)
                .hasMessageStartingWith("notes.txt: is not text in UTF-8: the byte 0x")
                .hasMessageContaining("at line 1, column ");
        assertThat(reader.withEncoding(Charset.forName(charset))
                        .read("notes.txt", bytes)
                        .text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-1251", "KOI8-R", "Shift_JIS", "GBK", "ISO-2022-JP", "UTF-16BE"})
    void aFileThatDoesNotTellItsEncodingIsInTheFallback(String charset) {
        String text = charset.contains("J")
                ? "\u6c34\u8eca\u5c0f\u5c4b"
                : charset.equals("GBK") ? "\u78e8\u574a" : "\u041c\u0435\u043b\u044c\u043d\u0438\u0446\u0430";
        Document document = reader.withFallbackEncoding(Charset.forName(charset))
                .read("notes.txt", text.getBytes(Charset.forName(charset)));
        assertThat(document.text()).isEqualTo(text);
        assertThat(document.guessedEncoding()).isEmpty();
    }

    @Test
    void aFileThatTellsItsEncodingIsNotInTheFallback() {
        DocumentReader cyrillic = reader.withFallbackEncoding(Charset.forName("KOI8-R"));
        String text = "\u041f\u043e\u0441\u0442\u0440\u043e\u0435\u043d\u0430 \u0432 1912";
        assertThat(cyrillic.read("notes.txt", text.getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo(text);
        assertThat(cyrillic.read("notes.txt", ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE))
                        .text())
                .isEqualTo(text);
        String html = "<html><head><meta charset=\"windows-1251\"></head><body>" + text + "</body></html>";
        assertThat(cyrillic.read("page.html", html.getBytes(Charset.forName("windows-1251")))
                        .text())
                .isEqualTo(text);
        assertThat(cyrillic.read("page.html", html.getBytes(Charset.forName("windows-1251")))
                        .guessedEncoding())
                .isEmpty();
    }

    @Test
    void settingsTellReadersApart() {
        assertThat(reader.settings()).isEmpty();
        assertThat(reader.withEncoding(StandardCharsets.UTF_8)
                        .withFormat(DocumentFormat.HTML)
                        .settings())
                .isEqualTo("encoding=UTF-8,format=HTML");
        assertThat(reader.withFallbackEncoding(Charset.forName("latin1")).settings())
                .isEqualTo(
                        reader.withFallbackEncoding(StandardCharsets.ISO_8859_1).settings())
                .isEqualTo("fallback=ISO-8859-1");
    }

    @Test
    void oneBadByteInUtf8IsToldWithItsPlace() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("Zoë’s café 😀\nètè ".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xff);
        bytes.write(" é".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("the byte 0xFF at line 2, column 5 (offset 26) is no character");
    }

    @Test
    void whatIsNotInTheNamedEncodingIsToldWithItsPlace() {
        assertThatThrownBy(() -> reader.withEncoding(StandardCharsets.UTF_8)
                        .read("notes.txt", new byte[] {'a', '\n', 'b', (byte) 0xe9}))
                .hasMessage("notes.txt: is not text in UTF-8: the byte 0xE9 at line 2, column 2 (offset 3) is no"
                        + " character");
    }

    @Test
    void htmlIsInTheEncodingThatItNames() {
        String html = "<html><head><meta charset=\"windows-1251\"><title>Мельница</title></head><body>Построена в"
                + " 1912</body></html>";
        Document document = reader.read("page.html", html.getBytes(Charset.forName("windows-1251")));
        assertThat(document.text()).isEqualTo("Построена в 1912");
        assertThat(document.title()).isEqualTo("Мельница");
        assertThat(document.guessedEncoding()).isEmpty();
    }

    @Test
    void aStrayZeroMakesNoUtf16() {
        String text = "The mill was built by Ada Quill in 1912, and burnt in 1950.\0 It rained.";
        assertThat(read(text.getBytes(StandardCharsets.UTF_8)).text()).isEqualTo(text);
        assertThatThrownBy(() -> read("a\0b\nxy\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("binary data");
    }

    @Test
    void everyByteThatIsNoTextIsRefused() {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("binary data");
    }

    private static byte[] zip(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry.split("=")[0]));
                zip.write(entry.substring(entry.indexOf('=') + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private void assertKind(byte[] bytes, String kind) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        DocumentException.class,
                        e -> assertThat(e.kind().orElseThrow().name()).isEqualTo(kind))
                .hasMessageStartingWith("notes.txt: is " + kind + ", not text: ");
    }

    @Test
    void theKindOfAFileIsNamedThatIsNoText() throws IOException {
        assertKind("%PDF-1.7\n%\u00e2\u00e3".getBytes(StandardCharsets.ISO_8859_1), "a PDF document");
        assertKind(zip("[Content_Types].xml=x", "word/document.xml=x"), "a Word document (docx)");
        assertKind(zip("[Content_Types].xml=x", "xl/workbook.xml=x"), "an Excel sheet (xlsx)");
        assertKind(zip("mimetype=application/epub+zip"), "an EPUB book");
        assertKind(zip("mimetype=application/vnd.oasis.opendocument.text"), "an OpenDocument file");
        assertKind(zip("META-INF/MANIFEST.MF=x"), "a Java archive (jar)");
        assertKind(zip("a.txt=x"), "a zip archive");
        assertKind("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR".getBytes(StandardCharsets.ISO_8859_1), "a PNG image");
        assertKind("\u007fELF\2\1\1\0".getBytes(StandardCharsets.ISO_8859_1), "a program or library (ELF)");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        assertKind(bytes.toByteArray(), "a gzip file");
        assertThatThrownBy(
                        () -> reader.withEncoding(StandardCharsets.ISO_8859_1).read("notes.txt", bytes.toByteArray()))
                .hasMessageContaining("is a gzip file, not text: unpack it first");
        byte[] tar = new byte[512];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertKind(tar, "a tar archive");
    }

    @Test
    void theClassesAndTheJvmOfThisTestAreNoText() throws IOException {
        try (var in = DocumentReader.class.getResourceAsStream("DocumentReader.class")) {
            assertKind(in.readAllBytes(), "a Java class or a program (Mach-O)");
        }
    }

    @Test
    void saysWhyAFileCannotBeRead() {
        assertThatThrownBy(() -> reader.read(directory.resolve("nowhere.txt")))
                .hasMessage(directory.resolve("nowhere.txt") + ": there is no such file");
        assertThatThrownBy(() -> reader.read(directory)).hasMessage(directory + ": is a directory");
    }

    @Test
    void linesAndColumnsAreThoseOfEditors() throws IOException {
        Path file = Files.writeString(directory.resolve("lines.txt"), "a\r\n😀\tb\rc\n\nd");
        Document document = reader.read(file);
        assertThat(document.text()).isEqualTo("a\r\n😀\tb\rc\n\nd");
        assertThat(document.places().start(document.text().indexOf('b'))).isEqualTo(new Place(6, 2, 3, 0));
        assertThat(document.places().start(document.text().indexOf('c'))).isEqualTo(new Place(8, 3, 1, 0));
        assertThat(document.places().start(document.text().indexOf('d'))).isEqualTo(new Place(11, 5, 1, 0));
        assertThat(document.places().end(12)).isEqualTo(new Place(12, 5, 2, 0));
        assertThat(document.places().lines()).isEqualTo(5);
    }

    /** Found by fuzzing: the cells that a short row lacks are given to it, and stand nowhere in the file. */
    @ParameterizedTest
    @ValueSource(strings = {"|a|b|\n|-|-|\n|c|\n", "|a|b|\n|-|-|\n|\\|\\||`\\|`|\n|\\"})
    void aRowOfATableMayHaveFewerCellsThanItsHead(String table) {
        Document document = reader.withFormat(DocumentFormat.MARKDOWN).read("a", table);
        assertThat(document.text()).startsWith("a").contains("b");
    }

    @Test
    void markdownIsReadWithoutMarkup() {
        Document document = reader.read("a.md", """
            ---
            title: "Not this one's text"
            ---
            # The *mill*

            It was built by **Ada Quill**
            in [1912](http://example.org) &amp; burnt \\*twice\\*.

            - one
            - two

            | who | when |
            |-----|------|
            | Ada | 1912 |

            ```
            code  here
            ```
            """);
        assertThat(document.text())
                .isEqualTo("The mill\n\nIt was built by Ada Quill\nin 1912 & burnt *twice*.\n\none\ntwo\n\n"
                        + "who\twhen\nAda\t1912\n\ncode  here");
        assertThat(document.title()).isEqualTo("Not this one's text");
        assertThat(document.places().start(document.text().indexOf("Ada"))).isEqualTo(new Place(69, 6, 19, 0));
        assertThat(reader.read("b.md", "Text.\n\n## A `b`\n").title()).isEqualTo("A b");
    }

    @Test
    void htmlIsReadAsItIsSeen() {
        Document document = reader.read("page.html", """
            <html><head><title>Mills &amp; more</title><style>p {}</style></head>
            <body><h1>The  mill</h1><p>Built by <b>Ada</b>
            Quill&nbsp;&copy;<br>in 1912.</p>
            <table><tr><th>who<th>when<tr><td>Ada<td>1912</table>
            <ul><li>one<li>two</ul><pre>a
              b</pre><script>no()</script></body></html>
            """);
        assertThat(document.text())
                .isEqualTo("The mill\n\n"
                        + "Built by Ada Quill\u00a0©\n"
                        + "in 1912.\n\n"
                        + "who\twhen\n"
                        + "Ada\t1912\n\n"
                        + "one\n"
                        + "two\n\n"
                        + "a\n"
                        + "  b");
        assertThat(document.title()).isEqualTo("Mills & more");
    }

    @Test
    void theFormatIsToldByTheNameOrTheBeginOrTheCaller() {
        String html = "<!-- x --><!DOCTYPE html><p>one</p>";
        assertThat(reader.read("-", html).text()).isEqualTo("one");
        assertThat(reader.read("a.txt", "a < b and *c*").text()).isEqualTo("a < b and *c*");
        assertThat(reader.withFormat(DocumentFormat.TEXT).read("a.html", html).text())
                .isEqualTo(html);
        assertThat(reader.withFormat(DocumentFormat.MARKDOWN).read("a", "*c*").text())
                .isEqualTo("c");
    }

    @Test
    void deepNestingEndsNoStack() {
        int depth = 20_000;
        assertThat(reader.read("a.html", "<div>".repeat(depth) + "mill").text()).isEqualTo("mill");
        assertThat(reader.read("a.md", ">".repeat(depth) + " mill").text()).contains("mill");
        assertThat(reader.read("a.md", "*a ".repeat(depth) + "mill").text()).contains("mill");
    }

    /** Each took minutes where the time is not linear in the file's length. */
    @Test
    void filesThatAreMadeToTakeLongAreReadInTheirTurn() {
        int count = 100_000;
        assertThat(reader.read("a.md", "#\n".repeat(count) + "mill").text()).isEqualTo("mill");
        assertThat(reader.read("a.md", "| a |\n|---|\n| " + "\\| *b* ".repeat(count) + "|\n")
                        .text())
                .endsWith("| b");
        assertThat(reader.read("a.md", "```\n" + "a\0b\n".repeat(count) + "```").text())
                .startsWith("a\ufffdb\na\ufffdb");
        assertThat(reader.read("a.html", "<p>\0x&".repeat(count)).text()).endsWith("x&");
        assertThat(reader.read("a.html", "<b>x</b> ".repeat(count))
                        .places()
                        .end(2 * count - 1)
                        .column())
                .isEqualTo(9 * count - 4);
    }

    @Test
    void pagesAreThoseOfTheCaller() {
        Places places = Places.ofPages("one two three", 0, 4, 8);
        assertThat(places.start(5).page()).isEqualTo(2);
        assertThat(places.start(12).page()).isEqualTo(3);
        assertThatThrownBy(() -> Places.ofPages("one", 0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Places.ofPages("one", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void placesBeyondTheTextAreRefused() {
        Places places = reader.read("a.html", "<p>one</p>").places();
        assertThat(places.end(3)).isEqualTo(new Place(6, 1, 7, 0));
        assertThat(places.start(3)).isEqualTo(places.end(3));
        assertThatThrownBy(() -> places.start(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> places.end(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(reader.read("a.html", "<p></p>").text()).isEmpty();
        assertThat(reader.read("a.html", "<p></p>").places().start(0).line()).isEqualTo(1);
    }
}
