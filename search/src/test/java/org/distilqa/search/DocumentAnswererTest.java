package org.distilqa.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.distilqa.AnswerOptions;
import org.distilqa.DeadlineExceededException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentAnswererTest {
    private static final String MILL =
            "Wind had turned the mill for years.\n\nThe mill was built by Ada Quill in 1912.\n";

    /** However busy the machine is, it does not pass. */
    private static final Duration AMPLE = Duration.ofMinutes(5);

    private static QuestionAnswerer answerer;

    @TempDir
    private Path directory;

    private Path folder;
    private Path index;

    @BeforeAll
    static void open() {
        answerer = QuestionAnswerer.builder().model("bundled").device("cpu").build();
    }

    @AfterAll
    static void close() {
        answerer.close();
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(directory.resolve("papers")).toAbsolutePath();
        index = directory.resolve("index");
    }

    private static DocumentAnswerer inMemory() {
        return DocumentAnswerer.builder(answerer).build();
    }

    private DocumentAnswerer onDisk() {
        return DocumentAnswerer.builder(answerer).index(index).build();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Files of every kind, with an answer each. */
    private void writeAllKinds() throws IOException {
        write("mill.txt", MILL);
        write("more/bridge.md", "# Bridges\n\nThe **stone bridge** was opened by *Tom Hale*\nin 1887, they say.\n");
        write(
                "lamp.html",
                "<html><head><title>Lamps</title></head><body>\n<p>The lamp of caf&eacute; Luna\n"
                        + "was made by the <b>Dunmore Glass</b> Company.</p></body></html>");
        Files.write(
                folder.resolve("latin.txt"),
                "Das Café in Köln: the café was painted by René Müller.".getBytes(Charset.forName("windows-1252")));
        Files.write(
                folder.resolve("wide.txt"),
                "\ufeffThe tower was designed by Irma Kowalski.".getBytes(StandardCharsets.UTF_16LE));
        SampleFiles.writePdf(
                folder.resolve("report.pdf"),
                null,
                "This report tells of the harbour.\nIt has three pages.",
                "",
                "The harbour was dredged by Olga Brandt\nin the spring of 1931.");
        SampleFiles.writeDocx(
                folder.resolve("letter.docx"),
                "A letter",
                "Dear friend,",
                "\ud83c\udf4e the orchard was planted by Samuel Reed in 1954.",
                "Yours");
        SampleFiles.writePptx(
                folder.resolve("talk.pptx"), "A talk about canals", "The canal was dug by Victor Lund in 1820.");
        SampleFiles.writeXlsx(
                folder.resolve("builders.xlsx"),
                "What,Who",
                "The windpump was erected by,Nora Vance",
                "The end,Nobody");
        Files.write(
                folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0});
        write(".hidden.txt", "The secret was kept by Nobody Knows.");
    }

    @Test
    void answersFromFilesOfEveryKindAndSaysWhere() throws IOException {
        writeAllKinds();
        try (DocumentAnswerer documents = inMemory()) {
            FolderReport report = documents.indexFolder(folder);
            assertThat(report.added()).isEqualTo(9);
            assertThat(report.unreadable()).singleElement().asString().contains("picture.png", "PNG");
            expect(documents, "Who built the mill?", "Ada Quill", "mill.txt", 3, 0);
            expect(documents, "Who opened the stone bridge?", "Tom Hale", "more/bridge.md", 3, 0);
            expect(documents, "Who made the lamp?", "Dunmore Glass Company", "lamp.html", 3, 0);
            expect(documents, "Who painted the café?", "René Müller", "latin.txt", 1, 0);
            expect(documents, "Who designed the tower?", "Irma Kowalski", "wide.txt", 1, 0);
            expect(documents, "Who dredged the harbour?", "Olga Brandt", "report.pdf", 4, 3);
            expect(documents, "Who planted the orchard?", "Samuel Reed", "letter.docx", 3, 0);
            expect(documents, "Who dug the canal?", "Victor Lund", "talk.pptx", 3, 2);
            expect(documents, "Who erected the windpump?", "Nora Vance", "builders.xlsx", 4, 0);
            assertThat(documents
                            .answer("Who planted the orchard?")
                            .orElseThrow()
                            .title())
                    .isEqualTo("A letter");
            assertThat(documents.find("secret", 5)).isEmpty();
        }
    }

    private void expect(DocumentAnswerer documents, String question, String answer, String file, int line, int page) {
        DocumentAnswer found = documents.answer(question).orElseThrow();
        assertThat(found.text()).as(question).isEqualTo(answer);
        assertThat(found.document()).isEqualTo(folder.resolve(file).toString());
        assertThat(found.line()).as("line in %s", file).isEqualTo(line);
        assertThat(found.page()).as("page in %s", file).isEqualTo(page);
        assertThat(found.score()).isBetween(0.0, 1.0);
    }

    /** Whatever is asked, and whatever the file is. */
    @Test
    void everyAnswerStandsAtItsPlaceInItsDocument() throws IOException {
        writeAllKinds();
        write("long.txt", "The wheel of the mill was carved by Jonas Fell. It turned well. ".repeat(400));
        FolderFiles files =
                new FolderFiles(folder, java.util.Optional.empty(), new AnyFormatReader(), 1 << 20, new ArrayList<>());
        int checked = 0;
        try (DocumentAnswerer documents = inMemory()) {
            documents.indexFolder(folder);
            for (String question :
                    List.of("Who built the mill?", "When was it opened or planted?", "the harbour", "café")) {
                DocumentPrediction prediction =
                        documents.predict(question, AnswerOptions.defaults().withTopK(20));
                assertThat(prediction.answers()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
                for (DocumentAnswer answer : prediction.answers()) {
                    Document document = files.read(Path.of(answer.document()));
                    assertThat(document.text().substring(answer.start(), answer.end()))
                            .isEqualTo(answer.text());
                    assertThat(document.text())
                            .startsWith(document.text()
                                            .substring(0, answer.passage().start())
                                    + answer.passage().text());
                    assertThat(answer.line())
                            .isEqualTo(document.places().start(answer.start()).line());
                    assertThat(answer.page())
                            .isEqualTo(document.places().start(answer.start()).page());
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(30);
    }

    @Test
    void readsOnlyWhatHasChanged() throws IOException {
        write("mill.txt", MILL);
        write("bridge.txt", "The bridge was opened by Tom Hale.");
        write("broken.pdf", "%PDF-1.7 and nothing more");
        try (DocumentAnswerer documents = onDisk()) {
            FolderReport first = documents.indexFolder(folder);
            assertThat(first).returns(2, FolderReport::added).returns(0, FolderReport::unchanged);
            assertThat(first.unreadable()).singleElement().asString().contains("broken.pdf");
        }
        write("mill.txt", "The mill was built by Berta Longname.");
        write("lamp.txt", "The lamp was made by Iris Poole.");
        Files.delete(folder.resolve("bridge.txt"));
        try (DocumentAnswerer documents = onDisk()) {
            List<Integer> told = new ArrayList<>();
            FolderReport second = documents.indexFolder(folder, (done, total) -> told.add(100 * done / total));
            assertThat(second)
                    .returns(1, FolderReport::added)
                    .returns(1, FolderReport::changed)
                    .returns(1, FolderReport::removed)
                    .returns(0, FolderReport::unchanged);
            assertThat(second.unreadable()).singleElement().asString().contains("broken.pdf");
            assertThat(told).containsExactly(33, 66, 100);
            assertThat(documents.answer("Who built the mill?").orElseThrow().text())
                    .isEqualTo("Berta Longname");
            assertThat(documents.find("bridge", 3)).isEmpty();
            assertThat(documents.indexFolder(folder)).returns(2, FolderReport::unchanged);
            assertThat(documents.documents()).isEqualTo(3);
            assertThat(documents.passages()).isEqualTo(2);
        }
    }

    @Test
    void takesDocumentsFromAnywhereAndReplacesThemByTheirNames() {
        try (DocumentAnswerer documents = inMemory()) {
            documents.index(List.of(Document.of("1", MILL), Document.of("2", "The bridge was opened by Tom Hale.")));
            documents.index(List.of(Document.of("1", "The mill was built by Berta Long.")));
            DocumentAnswer answer = documents.answer("Who built the mill?").orElseThrow();
            assertThat(answer).returns("Berta Long", DocumentAnswer::text).returns("1", DocumentAnswer::document);
            documents.remove(List.of("1", "never there"));
            assertThat(documents.find("mill", 3)).isEmpty();
            assertThat(documents.documents()).isEqualTo(1);
        }
    }

    @Test
    void saysThatThereIsNoAnswer() {
        try (DocumentAnswerer documents = inMemory()) {
            documents.index(List.of(Document.of("1", MILL)));
            assertThat(documents.predict("Zebras?", AnswerOptions.defaults()))
                    .isEqualTo(new DocumentPrediction(List.of(), 1, 0, 0));
            assertThat(documents.answer("the of and")).isEmpty();
            DocumentPrediction unanswered = documents.predict(
                    "Which wind is the strongest in Chile?",
                    AnswerOptions.defaults().withHandleImpossibleAnswer(true));
            assertThat(unanswered.answers()).isEmpty();
            assertThat(unanswered.noAnswerScore()).isGreaterThan(0.3);
            assertThatThrownBy(() -> documents.answer(" ")).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> documents.find("mill", 0)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void answersLater() throws Exception {
        try (DocumentAnswerer documents = inMemory()) {
            documents.index(List.of(Document.of("1", MILL)));
            assertThat(documents
                            .predictAsync("Who built the mill?", AnswerOptions.defaults())
                            .get())
                    .isEqualTo(documents.predict("Who built the mill?", AnswerOptions.defaults()));
            assertThat(documents
                            .predictAsync("Zebras?", AnswerOptions.defaults())
                            .get()
                            .answers())
                    .isEmpty();
        }
    }

    @Test
    void answersWithinADeadlineAsWithoutOne() throws Exception {
        try (DocumentAnswerer documents = inMemory()) {
            documents.index(List.of(Document.of("1", MILL)));
            AnswerOptions options = AnswerOptions.defaults();
            DocumentPrediction expected = documents.predict("Who built the mill?", options);
            assertThat(documents.predict("Who built the mill?", options, AMPLE)).isEqualTo(expected);
            assertThat(documents
                            .predictAsync("Who built the mill?", options, AMPLE)
                            .get())
                    .isEqualTo(expected);
        }
    }

    @Test
    void endsTheSearchWhenTheDeadlineHasPassed() {
        try (DocumentAnswerer documents = inMemory()) {
            documents.index(List.of(Document.of("1", MILL)));
            Duration gone = Duration.ofNanos(1);
            assertThatThrownBy(() -> documents.predict("Who built the mill?", AnswerOptions.defaults(), gone))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("within PT0.000000001S");
            assertThat(documents.predictAsync("Who built the mill?", AnswerOptions.defaults(), gone))
                    .failsWithin(AMPLE)
                    .withThrowableThat()
                    .withCauseInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void endsTheReadingWhenTheDeadlinePasses() {
        FaultInjectingDevice device = new FaultInjectingDevice("cpu", Devices.open("cpu", DeviceOptions.none()));
        try (QuestionAnswerer held = QuestionAnswerer.builder()
                        .model("bundled")
                        .device(device)
                        .build();
                DocumentAnswerer documents = DocumentAnswerer.builder(held).build()) {
            documents.index(List.of(Document.of("1", MILL)));
            device.hold();
            Duration soon = Duration.ofMillis(300);
            assertThatThrownBy(() -> documents.predict("Who built the mill?", AnswerOptions.defaults(), soon))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("within PT0.3S");
            assertThat(documents.predictAsync("Who built the mill?", AnswerOptions.defaults(), soon))
                    .failsWithin(AMPLE)
                    .withThrowableThat()
                    .withCauseInstanceOf(DeadlineExceededException.class)
                    .withMessageContaining("within PT0.3S");
            device.release();
            assertThat(documents.answer("Who built the mill?").orElseThrow().text())
                    .isEqualTo("Ada Quill");
        }
    }

    @Test
    void refusesADeadlineThatIsNone() {
        try (DocumentAnswerer documents = inMemory()) {
            for (Duration none :
                    new Duration[] {null, Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(40_000)}) {
                assertThatThrownBy(() -> documents.predict("Who built the mill?", AnswerOptions.defaults(), none))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageStartingWith("the deadline is " + none);
            }
        }
    }

    @Test
    void readsFilesAnewInAnotherEncoding() throws IOException {
        Files.write(
                folder.resolve("mill.txt"),
                "\u041c\u0435\u043b\u044c\u043d\u0438\u0446\u0443 built Ada."
                        .getBytes(Charset.forName("windows-1251")));
        write("bridge.txt", "The bridge of K\u00f6ln was opened by Tom Hale.");
        try (DocumentAnswerer documents = onDisk()) {
            assertThat(documents.indexFolder(folder).unreadable())
                    .singleElement()
                    .asString()
                    .contains("mill.txt", "windows-1251");
        }
        for (int time = 0; time < 2; time++) {
            try (DocumentAnswerer documents = onDisk("windows-1251")) {
                FolderReport report = documents.indexFolder(folder);
                assertThat(report.unreadable()).isEmpty();
                assertThat(report.unchanged()).isEqualTo(time == 0 ? 0 : 2);
                assertThat(documents.find("built", 1).get(0).passage().text())
                        .isEqualTo("\u041c\u0435\u043b\u044c\u043d\u0438\u0446\u0443 built Ada.");
                assertThat(documents.find("bridge", 1).get(0).passage().text()).contains("K\u00f6ln");
            }
        }
        try (DocumentAnswerer documents = onDisk("KOI8-R")) {
            assertThat(documents.indexFolder(folder)).returns(2, FolderReport::changed);
            assertThat(documents.find("built", 1).get(0).passage().text()).startsWith("\u043b\u0415\u041a\u042d");
        }
    }

    private DocumentAnswerer onDisk(String fallbackEncoding) {
        return DocumentAnswerer.builder(answerer)
                .index(index)
                .reader(new DocumentReader().withFallbackEncoding(Charset.forName(fallbackEncoding)))
                .build();
    }

    @Test
    void readsAsManyPassagesAsAsked() {
        List<Document> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(Document.of("d" + i, "The mill number " + i + " was built by Person" + i + "."));
        }
        for (int passages : new int[] {1, 7}) {
            try (DocumentAnswerer documents =
                    DocumentAnswerer.builder(answerer).passages(passages).build()) {
                documents.index(all);
                assertThat(documents.predict("Who built the mill number 12?", AnswerOptions.defaults()))
                        .returns(passages, DocumentPrediction::passages)
                        .returns(passages, DocumentPrediction::windows)
                        .returns(
                                "d12",
                                prediction -> prediction.best().orElseThrow().document());
            }
        }
    }

    @Test
    void answersWhileDocumentsAreIndexed() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (DocumentAnswerer documents = onDisk()) {
            documents.index(List.of(version(0)));
            List<Future<Integer>> asking = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                asking.add(threads.submit(() -> {
                    int last = 0;
                    while (!done.get()) {
                        // Both passages are of one version of the document, however often it is replaced.
                        List<FoundPassage> found = documents.find("mill wheel", 10);
                        assertThat(found).hasSize(2);
                        assertThat(found.stream().map(FoundPassage::title).distinct())
                                .hasSize(1);
                        int now = Integer.parseInt(found.get(0).title());
                        assertThat(now).isGreaterThanOrEqualTo(last);
                        last = now;
                    }
                    return last;
                }));
            }
            for (int version = 1; version <= 60; version++) {
                documents.index(List.of(version(version)));
            }
            assertThat(documents.answer("Who built the mill?").orElseThrow().text())
                    .isEqualTo("Ada Quill");
            done.set(true);
            for (Future<Integer> asked : asking) {
                assertThat(asked.get()).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }

    private static Document version(int number) {
        String text =
                "The mill was built by Ada Quill. ".repeat(30) + "\n\n" + "The wheel was carved by Jonas. ".repeat(30);
        return Document.of("mill", String.valueOf(number), text, org.distilqa.text.Places.ofPlainText(text));
    }

    @Test
    void refusesAnIndexThatAnotherOneWritesTo() {
        try (DocumentAnswerer first = onDisk()) {
            first.index(List.of(Document.of("1", MILL)));
            assertThatThrownBy(this::onDisk)
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining(index.toString())
                    .hasMessageContaining("is writing to this index");
            try (DocumentAnswerer reading = DocumentAnswerer.builder(answerer)
                    .index(index)
                    .readOnly(true)
                    .build()) {
                assertThat(reading.answer("Who built the mill?").orElseThrow().text())
                        .isEqualTo("Ada Quill");
                first.index(List.of(Document.of("2", "The bridge was opened by Tom Hale.")));
                assertThat(reading.find("bridge", 1)).isEmpty();
                reading.refresh();
                assertThat(reading.find("bridge", 1)).hasSize(1);
                assertThatThrownBy(() -> reading.remove(List.of("1"))).hasMessageContaining("read only");
            }
        }
        onDisk().close();
    }

    @Test
    void saysWhatIsWrongWithAnIndex() throws IOException {
        assertThatThrownBy(() -> DocumentAnswerer.builder(answerer)
                        .index(index)
                        .readOnly(true)
                        .build())
                .hasMessageContaining("no such directory");
        Files.createDirectories(index);
        assertThatThrownBy(() -> DocumentAnswerer.builder(answerer)
                        .index(index)
                        .readOnly(true)
                        .build())
                .hasMessageContaining("there is no index");
        assertThatThrownBy(
                        () -> DocumentAnswerer.builder(answerer).readOnly(true).build())
                .isInstanceOf(InvalidConfigurationException.class);
        write("mill.txt", MILL);
        assertThatThrownBy(
                        () -> DocumentAnswerer.builder(answerer).index(folder).build())
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("mill.txt")
                .hasMessageContaining("a directory of its own");
        assertThat(DocumentAnswerer.isIndex(folder)).isFalse();
    }

    @Test
    void refusesAnIndexOfAnotherVersionOrOtherSettings() throws IOException {
        onDisk().close();
        assertThat(DocumentAnswerer.isIndex(index)).isTrue();
        assertThatThrownBy(() -> DocumentAnswerer.builder(answerer)
                        .index(index)
                        .passageLength(500)
                        .build())
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("other settings");
        assertThatThrownBy(() -> DocumentAnswerer.builder(answerer)
                        .index(index)
                        .analyzer(new StandardAnalyzer())
                        .build())
                .hasMessageContaining("EnglishAnalyzer")
                .hasMessageContaining("StandardAnalyzer");
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(index), new IndexWriterConfig())) {
            writer.setLiveCommitData(Map.of("distilqa.version", "0").entrySet());
        }
        assertThatThrownBy(this::onDisk)
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("of version 0")
                .hasMessageContaining("delete it and index again");
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(index), new IndexWriterConfig())) {
            writer.setLiveCommitData(Map.<String, String>of().entrySet());
        }
        assertThatThrownBy(this::onDisk).hasMessageContaining("that DistilQA did not write");
    }

    @Test
    void saysThatAnIndexIsDamaged() throws IOException {
        try (DocumentAnswerer documents = onDisk()) {
            documents.index(List.of(Document.of("1", MILL)));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(index, "_*")) {
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        assertThatThrownBy(this::onDisk).isInstanceOf(IndexException.class).hasMessageContaining("is damaged");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(index, "segments_*")) {
            for (Path file : files) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        assertThatThrownBy(this::onDisk).isInstanceOf(IndexException.class).hasMessageContaining("is damaged");
    }

    @Test
    void saysWhatCannotBeReadInAFolder() throws IOException {
        assertThatThrownBy(() -> inMemory().indexFolder(directory.resolve("absent")))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("there is no such folder");
        assertThatThrownBy(() -> inMemory().indexFolder(folder)).hasMessageContaining("nothing in it that can be read");
        SampleFiles.writePdf(folder.resolve("secret.pdf"), "password", "The harbour was dredged by Olga Brandt.");
        assertThatThrownBy(() -> inMemory().indexFolder(folder))
                .hasMessageContaining("secret.pdf")
                .hasMessageContaining("is encrypted");
        SampleFiles.writePdf(folder.resolve("empty.pdf"), null, "");
        write("broken.docx", "PK\u0003\u0004word/document.xml and so on");
        write("large.txt", "The mill. ".repeat(1000));
        write("mill.txt", MILL);
        try (DocumentAnswerer documents =
                DocumentAnswerer.builder(answerer).longestFile(5000).build()) {
            assertThat(documents.indexFolder(folder).unreadable())
                    .hasSize(4)
                    .anyMatch(message -> message.contains("empty.pdf: there is no text in it"))
                    .anyMatch(message -> message.contains("broken.docx"))
                    .anyMatch(message -> message.contains("large.txt: has 10000 bytes; the limit is 5000"))
                    .anyMatch(message -> message.contains("secret.pdf: is encrypted"));
        }
    }

    @Test
    void saysThatItIsClosed() {
        DocumentAnswerer documents = onDisk();
        documents.index(List.of(Document.of("1", MILL)));
        documents.close();
        assertThatThrownBy(() -> documents.answer("Who built the mill?"))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> documents.index(List.of(Document.of("2", MILL))))
                .hasMessageContaining("is closed");
        documents.close();
        assertThat(answerer.answer("Who built the mill?", MILL).text()).isEqualTo("Ada Quill");
    }

    @Test
    void keepsTheIndexOfEachFolderInADirectoryOfItsOwn() {
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", directory.toString());
        Path one = IndexCache.directory(Path.of("/data/one/papers"), environment);
        assertThat(one.getParent()).isEqualTo(directory.resolve("distilqa").resolve("collections"));
        assertThat(one.getFileName().toString()).startsWith("papers-");
        assertThat(IndexCache.directory(Path.of("/data/two/papers"), environment))
                .isNotEqualTo(one);
        assertThat(IndexCache.directory(Path.of("/data/one/papers"), environment))
                .isEqualTo(one);
        assertThat(IndexCache.directory(Path.of("/"), Map.of()).toString()).contains(".cache");
    }

    @Test
    void refusesSettingsOutOfTheirRange() {
        DocumentAnswerer.Builder builder = DocumentAnswerer.builder(answerer);
        assertThatThrownBy(() -> builder.passages(0))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("passages is 0; it must be from 1 to 1000");
        assertThatThrownBy(() -> builder.passageLength(99))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("passageLength is 99; it must be from 100 to 100000");
        // Its lower half is a positive number.
        for (long bytes : new long[] {0, -5_000_000_000L, 1L << 31}) {
            assertThatThrownBy(() -> builder.longestFile(bytes))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessage("longestFile is " + bytes + "; it must be from 1 to 2147483639");
        }
    }
}
