package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.cli.CommandRun.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON lines in and out, with the bundled model. */
class BatchTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path input;
    private Path output;

    @BeforeEach
    void names() {
        input = directory.resolve("rows.jsonl");
        output = directory.resolve("answers.jsonl");
    }

    private static String row(int number) {
        return MAPPER.createObjectNode()
                .put("id", "r" + number)
                .put("question", "Who built mill " + number + "?")
                .put("context", "Mill " + number + " was built by Ada Quill in 1912.")
                .toString();
    }

    private static List<String> rows(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(BatchTest::row).toList();
    }

    private CommandRun batch(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("batch", "--input", input.toString(), "--output", output.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private static List<JsonNode> parsed(List<String> lines) throws IOException {
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines) {
            parsed.add(MAPPER.readTree(line));
        }
        return parsed;
    }

    private void assertAllAnswered(int count) throws IOException {
        List<JsonNode> answers = parsed(Files.readAllLines(output));
        assertThat(answers).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(answers.get(i).path("row").asInt()).isEqualTo(i + 1);
            assertThat(answers.get(i).path("id").asText()).isEqualTo("r" + (i + 1));
            assertThat(answers.get(i).path("answers").path(0).path("text").asText())
                    .isEqualTo("Ada Quill");
        }
    }

    @Test
    void answersRowsInTheirOrder() throws IOException {
        Files.write(input, rows(40));
        CommandRun run = batch();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.notes()).containsExactly("distilqa: 40 rows");
        assertAllAnswered(40);
        JsonNode first = MAPPER.readTree(Files.readAllLines(output).get(0));
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly("row", "id", "question", "answers", "windows", "question_cut");
    }

    @Test
    void marksRowsThatFailAndAnswersTheOthers() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                row(1),
                "{\"question\": \"q\",",
                "",
                "{\"id\": {\"a\": 1}, \"question\": \"q\"}",
                "{\"question\": \" \", \"context\": \"c\"}",
                "[1]",
                row(7),
                "{\"question\": \"q\", \"context\": \"\"}"));
        Files.write(input, lines);
        Files.write(input, new byte[] {'{', (byte) 0xff, '}', '\n'}, StandardOpenOption.APPEND);
        CommandRun run = batch();
        assertThat(run.notes()).containsExactly("distilqa: 8 rows, 6 of them with an \"error\"");
        List<JsonNode> answers = parsed(Files.readAllLines(output));
        assertThat(answers).extracting(answer -> answer.path("row").asInt()).containsExactly(1, 2, 4, 5, 6, 7, 8, 9);
        assertThat(answers)
                .extracting(answer -> answer.has("error"))
                .containsExactly(false, true, true, true, true, false, true, true);
        assertThat(answers.get(1).path("error").asText()).startsWith("row 2: is not valid JSON");
        assertThat(answers.get(2).path("error").asText()).isEqualTo("row 4: has no text \"context\"");
        assertThat(answers.get(2).path("id").path("a").asInt()).isEqualTo(1);
        assertThat(answers.get(3).path("error").asText()).isEqualTo("row 5: the question is empty");
        assertThat(answers.get(7).path("error").asText()).isEqualTo("row 9: is not in UTF-8");
    }

    @Test
    void goesOnAfterItWasKilledInTheMiddleOfALine() throws Exception {
        int count = 3000;
        Files.write(input, rows(count));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DistilQa.class.getName(),
                        "batch",
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (process.isAlive() && (!Files.exists(output) || Files.size(output) < 2000)) {
            Thread.sleep(5);
        }
        // On Unix this is kill -9.
        process.destroyForcibly().waitFor();
        long written = Files.size(output);
        assertThat(written).as(Files.readString(log)).isGreaterThan(2000);
        long linesBefore = Files.readString(output).lines().count();
        assertThat(linesBefore).as("killed before its end").isLessThan(count);
        // As if it had been in the middle of a line's writing.
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "rw")) {
            file.setLength(written - 30);
        }
        CommandRun run = batch();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.notes().get(0)).startsWith("distilqa: " + output + ": goes on after row ");
        assertAllAnswered(count);
    }

    @Test
    void goesOnWhereverItWasCutOff() throws IOException {
        Files.write(input, rows(3));
        batch();
        byte[] whole = Files.readAllBytes(output);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(output, Arrays.copyOf(whole, length));
            assertThat(batch("--device", "cpu").status()).isZero();
            assertAllAnswered(3);
        }
    }

    @Test
    void doesNothingMoreWhenAllIsAnsweredAndBeginsAgainIfAsked() throws IOException {
        Files.write(input, rows(3));
        batch();
        CommandRun again = batch("--model", "no/such/directory");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.notes())
                .containsExactly(
                        "distilqa: " + output + ": goes on after row 3", "distilqa: 0 rows; 3 were there already");
        assertThat(batch("--restart").notes()).containsExactly("distilqa: 3 rows");
        assertAllAnswered(3);
        Files.write(input, rows(5));
        assertThat(batch().notes()).contains("distilqa: 2 rows; 3 were there already");
        assertAllAnswered(5);
    }

    @Test
    void keepsFilesThatItDidNotWrite() throws IOException {
        Files.write(input, rows(1));
        for (String content : List.of("My diary.\n", "My diary.", "{\"row\": \"x\"}\n", "[]\n")) {
            Files.writeString(output, content);
            CommandRun run = batch();
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("its last line is no answer of batch");
            assertThat(output).hasContent(content.strip());
        }
    }

    @Test
    void refusesTheAnswersOfOtherRows() throws IOException {
        Files.write(input, rows(3));
        batch();
        Files.write(input, List.of(row(4), row(5), row(6), row(7)));
        assertThat(batch().err())
                .contains("has the answers of other rows than " + input)
                .contains("--restart");
        Files.write(input, rows(2));
        assertThat(batch().err()).contains("has the answers of other rows than " + input);
    }

    @Test
    void readsStandardInputAndWritesStandardOutput() throws IOException {
        byte[] lines = ("\ufeff" + String.join("\r\n", rows(3))).getBytes(StandardCharsets.UTF_8);
        CommandRun run = run(lines, "batch", "--min-score", "0.9", "--top-k", "3");
        assertThat(run.status()).as(run.err()).isZero();
        List<JsonNode> answers = parsed(run.out().lines().toList());
        assertThat(answers).hasSize(3).allMatch(answer -> answer.path("answers").size() == 1);
    }

    @Test
    void endsWhenNobodyReadsItsAnswers() throws IOException {
        Files.write(input, rows(20_000));
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = DistilQa.run(
                new PrintStream(closed, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "batch",
                "--input",
                input.toString());
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .endsWith("distilqa: standard output: cannot be written" + System.lineSeparator());
    }

    @Test
    void anInputInUtf16IsRefusedAtOnce() throws IOException {
        Files.write(input, ("\ufeff" + row(1)).getBytes(StandardCharsets.UTF_16LE));
        assertThat(batch().err()).contains("is in UTF-16; lines of JSON are in UTF-8");
    }

    @Test
    void manyBrokenRowsBehindOneThatIsReadTakeNoMemory() throws IOException {
        List<String> lines = new ArrayList<>(List.of(row(1)));
        for (int i = 0; i < 30_000; i++) {
            lines.add("{}");
        }
        lines.add(row(30_002));
        Files.write(input, lines);
        assertThat(batch().notes()).containsExactly("distilqa: 30002 rows, 30000 of them with an \"error\"");
        List<String> answers = Files.readAllLines(output);
        assertThat(answers).hasSize(30_002);
        assertThat(answers.get(30_001)).contains("\"id\":\"r30002\"", "Ada Quill");
    }
}
