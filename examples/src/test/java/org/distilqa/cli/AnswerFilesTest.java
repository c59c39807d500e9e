package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.cli.CommandRun.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to files, folders and standard input, with the bundled model. */
class AnswerFilesTest {
    private static final String MARKDOWN = """
        # The mill

        It was built by **Ada Quill**
        in [1912](http://example.org) &amp; burnt.
        """;

    private static final String HTML =
            "<html><title>Lamp</title><style>p {}</style>\r\n<body><p>Its lamp was built by the"
                    + " <b>Dunmore</b> Glass&nbsp;Company in 1874.</p></body></html>";

    @TempDir
    private Path directory;

    private Path write(String name, byte[] content) throws IOException {
        Files.createDirectories(directory.resolve(name).getParent());
        return Files.write(directory.resolve(name), content);
    }

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static CommandRun ask(String question, Object... more) {
        List<String> arguments = new ArrayList<>(List.of("answer", "--question", question));
        for (Object argument : more) {
            arguments.add(argument.toString());
        }
        return run(arguments.toArray(String[]::new));
    }

    private static JsonNode best(CommandRun run) throws IOException {
        return run.json().path("answers").path(0);
    }

    @Test
    void anAnswerHasItsSentenceLineAndColumn() throws IOException {
        JsonNode answer = best(ask(
                "Who built the mill?",
                "--json",
                "--context",
                "It rained. Zoë 😀 says:\nthe mill was built by Ada Quill. Yes."));
        assertThat(answer.path("text").asText()).isEqualTo("Ada Quill");
        assertThat(answer.path("line").asInt()).isEqualTo(2);
        assertThat(answer.path("column").asInt()).isEqualTo(23);
        assertThat(answer.path("end_line").asInt()).isEqualTo(2);
        assertThat(answer.path("end_column").asInt()).isEqualTo(32);
        assertThat(answer.path("sentence").asText()).isEqualTo("Zoë 😀 says:\nthe mill was built by Ada Quill.");
        assertThat(answer.has("file")).isFalse();
    }

    @Test
    void markupIsNoPartOfTheTextButPlacesAreTheFiles() throws IOException {
        for (Path file : List.of(write("notes.md", MARKDOWN), write("lamp.html", HTML))) {
            String content = Files.readString(file);
            boolean isMill = content.equals(MARKDOWN);
            JsonNode answer =
                    best(ask(isMill ? "Who built the mill?" : "Who built the lamp?", "--json", "--context-file", file));
            assertThat(answer.path("file").asText()).isEqualTo(file.toString());
            String written = content.substring(
                    answer.path("file_start").asInt(), answer.path("file_end").asInt());
            assertThat(written).isEqualTo(isMill ? "Ada Quill" : "Dunmore</b> Glass&nbsp;Company");
            assertThat(answer.path("sentence").asText())
                    .isEqualTo(
                            isMill
                                    ? "It was built by Ada Quill\nin 1912 & burnt."
                                    : "Its lamp was built by the Dunmore Glass\u00a0Company in 1874.");
            assertThat(answer.path("line").asInt()).isEqualTo(isMill ? 3 : 2);
            assertThat(answer.path("column").asInt()).isEqualTo(isMill ? 19 : 39);
        }
    }

    @Test
    void theFormatCanBeNamed() throws IOException {
        Path file = write("notes.md", MARKDOWN);
        JsonNode answer = best(ask("Who built the mill?", "--json", "--context-file", file, "--format", "text"));
        assertThat(answer.path("start")).isEqualTo(answer.path("file_start"));
        assertThat(answer.path("sentence").asText()).contains("**Ada Quill**");
    }

    @Test
    void severalFilesAndFoldersAreOneRanking() throws IOException {
        write("folder/a/notes.md", MARKDOWN);
        write("folder/lamp.html", HTML);
        write("folder/.hidden/x.txt", "The mill was built by nobody.");
        write("folder/picture.png", "\u0089PNG\r\n\u001a\n\0\0".getBytes(StandardCharsets.ISO_8859_1));
        Path dam = write("dam.txt", "The dam was built by Tom Reed.");
        String[] files = {directory.resolve("folder").toString(), dam.toString()};
        CommandRun run = ask("Who built the dam?", "--context-file", files[0], files[1], "--json");
        assertThat(best(run).path("text").asText()).isEqualTo("Tom Reed");
        assertThat(best(run).path("file").asText()).isEqualTo(files[1]);
        assertThat(best(run).path("start").asInt()).isEqualTo(21);
        assertThat(run.notes())
                .singleElement()
                .asString()
                .contains("passed over 1 of 3 files")
                .contains("is a PNG image");
        run = ask("Who built the lamp?", "--context-file", files[1], "--context-file", files[0]);
        assertThat(run.out())
                .contains("Glass\u00a0Company")
                .contains("        at " + Path.of(files[0], "lamp.html")
                        + ":2:39: Its lamp was built by the [Dunmore Glass");
    }

    @Test
    void asManyAnswersAsWereAskedForComeFromTheirOwnFiles() throws IOException {
        List<Object> arguments =
                new ArrayList<>(List.of("--json", "--top-k", "8", "--max-answer-length", "30", "--context-file"));
        for (int i = 0; i < 6; i++) {
            arguments.add(write("f" + i + ".txt", "Mill " + i + " is Ada's"));
        }
        JsonNode answers = ask("Whose is it?", arguments.toArray()).json().path("answers");
        assertThat(answers).hasSize(8);
        for (JsonNode answer : answers) {
            String content = Files.readString(Path.of(answer.path("file").asText()));
            assertThat(content.substring(
                            answer.path("start").asInt(), answer.path("end").asInt()))
                    .isEqualTo(answer.path("text").asText());
        }
    }

    @Test
    void standardInputIsCalledByAMinusAndAByteOrderMarkIsNotCounted() throws IOException {
        byte[] input = "\ufeffThe dam was built by Tom Reed.".getBytes(StandardCharsets.UTF_8);
        CommandRun run = run(input, "answer", "--question", "Who built the dam?", "--context-file", "-", "--json");
        assertThat(best(run).path("start").asInt()).isEqualTo(21);
        assertThat(best(run).path("column").asInt()).isEqualTo(22);
        assertThat(best(run).path("file").asText()).isEqualTo("-");
    }

    @Test
    void theEncodingIsFoundOutOrNamed() throws IOException {
        String text = "Le barrage fut bâti par Zoé Dupré en 1874.\n";
        Path latin = write("latin.txt", text.getBytes(StandardCharsets.ISO_8859_1));
        Path wide = write("wide.txt", ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE));
        for (Path file : List.of(latin, wide)) {
            CommandRun run = ask("Who built the barrage?", "--context-file", file, "--json");
            assertThat(best(run).path("sentence").asText()).isEqualTo(text.strip());
            assertThat(run.notes()).hasSize(file.equals(latin) ? 1 : 0);
        }
        Path cyrillic = write("cyrillic.txt", "Мельница построена".getBytes(Charset.forName("windows-1251")));
        CommandRun refused = ask("q", "--context-file", cyrillic);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .contains("the byte 0xCC at line 1, column 1 (offset 0)");
        assertThat(best(ask("q", "--context-file", cyrillic, "--encoding", "windows-1251", "--json"))
                        .path("sentence")
                        .asText())
                .isEqualTo("Мельница построена");
    }

    @Test
    void theKindOfAFileThatIsNoTextIsNamed() throws IOException {
        Path file = write("report.pdf", "%PDF-1.7\n");
        CommandRun run = ask("q", "--context-file", file);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "distilqa: " + file + ": is a PDF document, not text: take its text out first, for example with"
                                + " pdftotext" + System.lineSeparator());
        assertThat(ask("q", "--context-file", write("empty.html", "<p></p>")).err())
                .contains("holds no text");
        assertThat(ask("q", "--context-file", "").err()).contains("the name of a file is empty");
        assertThat(ask("q", "--context-file", Files.createDirectory(directory.resolve("none")))
                        .err())
                .contains("holds no text file");
    }

    @Test
    void answersBelowTheLowestScoreAreLeftOut() throws IOException {
        String context = "The mill was built by Ada Quill. The dam was built by Tom Reed.";
        JsonNode all = ask("Who built the mill?", "--context", context, "--top-k", "5", "--json")
                .json()
                .path("answers");
        assertThat(all).hasSize(5);
        assertThat(ask("Who built the mill?", "--context", context, "--top-k", "5", "--json", "--min-score", "0.5")
                        .json()
                        .path("answers"))
                .hasSize(1);
        CommandRun none = ask("Who built the mill?", "--context", context, "--min-score", "1");
        assertThat(none.status()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.notes())
                .singleElement()
                .asString()
                .startsWith("distilqa: no answer has a score of at least 1.0; the best has 0.");
    }

    @Test
    void coloursComeIfTheyAreAskedFor() {
        String context = "The mill was built by Ada Quill.";
        assertThat(ask("Who built the mill?", "--context", context, "--color", "always")
                        .out())
                .contains("built by \033[1;32mAda Quill\033[0m.");
        assertThat(ask("Who built the mill?", "--context", context).out())
                .contains("built by [Ada Quill].")
                .doesNotContain("\033");
    }

    @Test
    void progressOfALongTextGoesToStandardErrorIfItIsAskedFor() throws IOException {
        String context = "The mill was built by Ada Quill. " + "It rained a little more and more. ".repeat(500);
        CommandRun run = ask("Who built the mill?", "--context", context, "--progress", "--json");
        assertThat(best(run).path("text").asText()).isEqualTo("Ada Quill");
        assertThat(run.notes())
                .last()
                .asString()
                .containsPattern("^distilqa: (\\d+) of \\1 windows, [0-9.]+ a second$");
        assertThat(ask("Who built the mill?", "--context", context, "--json").notes())
                .isEmpty();
    }

    /** A device of plain loops takes longer than a second for a window. */
    @Test
    void anAnswerThatTakesTooLongIsGivenUp() {
        CommandRun late = ask(
                "Who built the mill?",
                "--context",
                "The mill was built by Ada Quill. ".repeat(60),
                "--device",
                "plain",
                "--timeout",
                "1");
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.err()).contains("the request was not answered within PT1S, its deadline");
    }

    @Test
    void aQuestionThatIsCutIsSaid() throws IOException {
        String question = "please tell me ".repeat(30) + "who built the mill?";
        assertThat(ask(question, "--context", "The mill was built by Ada Quill.", "--json")
                        .json()
                        .path("question_cut")
                        .asBoolean())
                .isTrue();
        assertThat(ask("Who?", "--context", "Ada.", "--json")
                        .json()
                        .path("question_cut")
                        .asBoolean())
                .isFalse();
    }
}
