package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.QuestionAnswerer;
import org.distilqa.search.DocumentAnswerer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskCommandTest {
    private static final String QUESTION = "Who built the mill?";

    @TempDir
    private Path directory;

    private Path folder;
    private Path index;

    private static CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("ask", "--device", "cpu"));
        all.addAll(List.of(arguments));
        return CommandRun.run(all.toArray(String[]::new));
    }

    @BeforeEach
    void writeFolder() throws IOException {
        folder = Files.createDirectories(directory.resolve("papers"));
        index = directory.resolve("index");
        Files.writeString(folder.resolve("mill.txt"), "Of mills.\n\nThe mill was built by Ada Quill\nin 1912.\n");
        Files.writeString(folder.resolve("bridge.md"), "# Bridges\n\nThe bridge was opened by *Tom Hale* in 1887.\n");
        Files.write(folder.resolve("picture.gif"), "GIF89a and so on".getBytes(StandardCharsets.ISO_8859_1));
    }

    private CommandRun ask(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--docs", folder.toString(), "--index", index.toString(), "--question", QUESTION));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void printsTheAnswerInItsPassageWithItsFileAndLine() {
        CommandRun outcome = ask();
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .matches("(?s)0\\.\\d{4}  Ada Quill\\R.*")
                .contains(folder.resolve("mill.txt") + ", line 3")
                .contains("Of mills. The mill was built by [Ada Quill] in 1912.");
        assertThat(outcome.err()).contains("2 files new", "left out: ", "picture.gif");
    }

    @Test
    void readsOnlyWhatIsNewAndAnswersFromTheIndexAlone() throws IOException {
        assertThat(ask().err()).contains("2 files new, 0 changed, 0 gone, 0 as before");
        Files.writeString(folder.resolve("mill.txt"), "The mill was built by Berta Long in 1913, they say.");
        Files.delete(folder.resolve("bridge.md"));
        assertThat(ask())
                .matches(outcome -> outcome.out().contains("Berta Long"))
                .matches(outcome -> outcome.err().contains("0 files new, 1 changed, 1 gone, 0 as before"));
        Files.delete(folder.resolve("mill.txt"));
        CommandRun fromIndex = run("--docs", index.toString(), "--question", QUESTION);
        assertThat(fromIndex.out()).as(fromIndex.err()).contains("Berta Long");
        assertThat(fromIndex.err()).doesNotContain("files");
    }

    @Test
    void printsJson() throws IOException {
        JsonNode result = ask("--json", "--top-k", "2").json();
        JsonNode answer = result.at("/answers/0");
        assertThat(answer.path("text").asText()).isEqualTo("Ada Quill");
        assertThat(answer.path("document").asText())
                .isEqualTo(folder.toAbsolutePath().resolve("mill.txt").toString());
        assertThat(answer.path("line").asInt()).isEqualTo(3);
        assertThat(answer.has("page")).isFalse();
        String text = Files.readString(folder.resolve("mill.txt"));
        assertThat(text.substring(
                        answer.path("start").asInt(), answer.path("end").asInt()))
                .isEqualTo("Ada Quill");
        assertThat(text.substring(answer.at("/passage/start").asInt()))
                .startsWith(answer.at("/passage/text").asText());
        assertThat(result.path("answers")).hasSize(2);
        assertThat(result.path("no_answer_score").asDouble()).isBetween(0.0, 1.0);
        assertThat(result.path("device").asText()).isEqualTo("cpu");
    }

    @Test
    void saysThatThereIsNoAnswer() {
        assertThat(run("--docs", folder.toString(), "--index", index.toString(), "--question", "zebra")
                        .out())
                .contains("no passage shares a word");
        assertThat(run("--docs", index.toString(), "--question", "Which mill is on fire?", "--handle-impossible-answer")
                        .out())
                .contains("(no answer)");
    }

    @Test
    void readsFilesThatDoNotTellTheirEncodingInTheOneThatIsNamed() throws IOException {
        byte[] cyrillic = "\u041c\u0435\u043b\u044c\u043d\u0438\u0446\u0430: the harbour was dredged by Olga Brandt."
                .getBytes(Charset.forName("windows-1251"));
        Files.write(folder.resolve("harbour.txt"), cyrillic);
        assertThat(ask().err()).contains("2 files new", "left out: ", "harbour.txt: is not text in UTF-8");
        for (String report :
                List.of("0 files new, 3 changed, 0 gone, 0 as before", "0 files new, 0 changed, 0 gone, 3 as before")) {
            CommandRun named = run(
                    "--docs",
                    folder.toString(),
                    "--index",
                    index.toString(),
                    "--encoding",
                    "windows-1251",
                    "--question",
                    "Who dredged the harbour?");
            assertThat(named.err()).contains(report);
            assertThat(named.out())
                    .contains("\u041c\u0435\u043b\u044c\u043d\u0438\u0446\u0430: the harbour was dredged by [Olga"
                            + " Brandt].");
        }
        assertThat(ask("--encoding", "windows-1999").err()).contains("there is no encoding \"windows-1999\"");
    }

    /** A device of plain loops takes longer than a second for a passage. */
    @Test
    void givesUpWhenTheTimeIsOver() throws IOException {
        Files.writeString(
                folder.resolve("mill.txt"), "The mill was built by Ada Quill in 1912. It has a wheel. ".repeat(25));
        CommandRun late = CommandRun.run(
                "ask",
                "--device",
                "plain",
                "--docs",
                folder.toString(),
                "--index",
                index.toString(),
                "--question",
                QUESTION,
                "--timeout",
                "1");
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.err()).endsWith("distilqa: the question was not answered within PT1S, its deadline\n");
        assertThat(ask("--timeout", "300").out()).contains("Ada Quill");
        assertThat(ask("--timeout", "0"))
                .matches(outcome -> outcome.status() == 2 && outcome.err().contains("0 is not at least 1 second"));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThat(run("--docs", "absent", "--question", QUESTION).err())
                .contains("absent: there is no such folder")
                .hasLineCount(1);
        assertThat(run("--docs", folder.resolve("mill.txt").toString(), "--question", QUESTION)
                        .err())
                .contains("is a file, not a folder");
        Path empty = Files.createDirectories(directory.resolve("empty"));
        CommandRun nothing = run("--docs", empty.toString(), "--index", index.toString(), "--question", QUESTION);
        assertThat(nothing.status()).isEqualTo(1);
        assertThat(nothing.err()).contains("nothing in it that can be read");
        assertThat(run("--docs", folder.toString(), "--index", folder.toString(), "--question", QUESTION)
                        .err())
                .contains("give the index a directory of its own");
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model("bundled")
                        .device("cpu")
                        .build();
                DocumentAnswerer writing =
                        DocumentAnswerer.builder(answerer).index(index).build()) {
            assertThat(writing.documents()).isZero();
            assertThat(ask().err()).contains("is writing to this index");
        }
    }
}
