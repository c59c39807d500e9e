package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.distilqa.cli.CommandRun.run;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.cli.squad.SquadFileTest;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.examples.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String CONTEXT = "Zoë’s café 😀 was built by the Dunmore Glass Company in 1874.";

    @TempDir
    private Path directory;

    private static String golden() {
        return SharedFiles.goldenCheckpoint().toString();
    }

    /** oneDNN where there is one for this machine. */
    private static String bestDevice() {
        return Devices.providers().stream()
                .filter(provider -> provider.availability().available())
                .map(DeviceProvider::name)
                .findFirst()
                .orElseThrow();
    }

    /** What follows the best device's name where it computes in more precisions than one. */
    private static String precision() {
        try (Device device = Devices.open(bestDevice(), DeviceOptions.none())) {
            String precision = device.info().facts().get("precision");
            return precision == null ? "" : " (" + precision + ")";
        }
    }

    @Test
    void answersInJsonWithOffsetsDeviceAndWindows() throws IOException {
        JsonNode result = run(
                        "answer",
                        "--model",
                        golden(),
                        "--question",
                        "Who built it?",
                        "--context",
                        CONTEXT,
                        "--top-k",
                        "3",
                        "--json")
                .json();
        assertThat(result.path("device").asText()).isEqualTo(bestDevice() + precision());
        assertThat(result.path("windows").asInt()).isEqualTo(1);
        assertThat(result.path("answers")).hasSize(3);
        for (JsonNode answer : result.path("answers")) {
            assertThat(CONTEXT.substring(
                            answer.path("start").asInt(), answer.path("end").asInt()))
                    .isEqualTo(answer.path("text").asText());
            assertThat(answer.path("score").isDouble()).isTrue();
        }
    }

    @Test
    void answersFromAFileWithEveryOption() throws IOException {
        Path file = directory.resolve("context.txt");
        Files.writeString(file, CONTEXT.repeat(200));
        JsonNode result = run(
                        "answer",
                        "--model",
                        golden(),
                        "--question",
                        "Who built it?",
                        "--context-file",
                        file.toString(),
                        "--top-k",
                        "2",
                        "--max-answer-length",
                        "3",
                        "--doc-stride",
                        "10",
                        "--max-sequence-length",
                        "64",
                        "--max-question-length",
                        "2",
                        "--handle-impossible-answer",
                        "--no-align-to-words",
                        "--device",
                        "cpu",
                        "--device-option",
                        "threads=1",
                        "--json")
                .json();
        assertThat(result.path("answers")).hasSize(2);
        assertThat(result.path("windows").asInt()).isGreaterThan(50);
    }

    @Test
    void answersInWordsWithTheSentenceAround() {
        CommandRun outcome = run("answer", "--model", golden(), "--question", "Who?", "--context", CONTEXT);
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains(" at ").contains("[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "plain", "auto"})
    void printsTheGoldenLogits(String name) throws IOException {
        String device = name.equals("auto") ? bestDevice() : name;
        JsonNode cases = MAPPER.readTree(
                        SharedFiles.goldenCheckpoint().resolve("cases.json").toFile())
                .path("cases");
        ArrayNode ids = MAPPER.createArrayNode();
        List<JsonNode> start = new ArrayList<>();
        List<JsonNode> end = new ArrayList<>();
        for (JsonNode golden : cases) {
            for (int i = 0; i < golden.path("input_ids").size(); i++) {
                ArrayNode sequence = ids.addArray();
                for (int t = 0; t < golden.path("start_logits").path(i).size(); t++) {
                    sequence.add(golden.path("input_ids").path(i).path(t));
                }
                start.add(golden.path("start_logits").path(i));
                end.add(golden.path("end_logits").path(i));
            }
        }
        Path file = directory.resolve("ids.json");
        Files.writeString(file, ids.toString());
        List<String> arguments = new ArrayList<>(
                List.of("logits", "--model", golden(), "--ids-file", file.toString(), "--device", device));
        if (device.equals("onednn")) {
            // By default it may be bfloat16, which is further from them than this.
            arguments.addAll(List.of("--device-option", "precision=float32"));
        }
        JsonNode result = run(arguments.toArray(String[]::new)).json();
        assertLogits(result.path("start_logits"), start);
        assertLogits(result.path("end_logits"), end);
    }

    private static void assertLogits(JsonNode actual, List<JsonNode> expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.path(i)).hasSize(expected.get(i).size());
            for (int t = 0; t < expected.get(i).size(); t++) {
                assertThat(actual.path(i).path(t).asDouble())
                        .isCloseTo(expected.get(i).path(t).asDouble(), within(1e-4));
            }
        }
    }

    @Test
    void refusesAPrecisionThatTheProcessorDoesNotRunFast() {
        assumeTrue(
                Devices.providers().stream()
                        .filter(provider -> provider.name().equals("onednn"))
                        .map(provider -> provider.availability().explanation())
                        .anyMatch(explanation -> explanation.contains("fast in ")
                                && !explanation
                                        .replaceAll(".*fast in (.*);.*", "$1")
                                        .contains("int8")),
                "this processor runs int8 fast; .ci/run does this with one that does not");
        CommandRun outcome = run(
                "answer",
                "--model",
                golden(),
                "--question",
                "q",
                "--context",
                "c",
                "--device",
                "onednn",
                "--device-option",
                "precision=int8");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("refuses precision=int8").contains("use precision=float32");
    }

    @Test
    void saysWhichPrecisionTheBestDeviceTakes() {
        assertThat(run("devices").out())
                .containsPattern("onednn: (not available|available: .*; precision=auto takes \\w+)");
    }

    @Test
    void listsTheDevices() throws IOException {
        JsonNode result = run("devices", "--json").json();
        assertThat(result.path("auto").asText()).isEqualTo(bestDevice());
        assertThat(result.path("devices").findValuesAsText("name")).contains("cpu", "onednn", "plain");
        assertThat(run("devices").out()).contains("cpu: available: ").contains("auto takes " + bestDevice());
    }

    @Test
    void answersTheShippedQuestionsAndTimesFourPhases() throws IOException {
        JsonNode result = run("demo", "--model", golden(), "--json").json();
        assertThat(result.path("answers")).hasSizeGreaterThanOrEqualTo(16);
        assertThat(result.path("phases_ms").fieldNames())
                .toIterable()
                .containsExactly("load_parameters", "prepare_input", "inference", "post_processing");
        for (JsonNode time : result.path("phases_ms")) {
            assertThat(time.asDouble()).isPositive();
        }
        assertThat(run("demo", "--model", golden()).out()).contains("Who built the lamp of the lighthouse?");
    }

    @Test
    void answersAnotherListOfQuestions() throws IOException {
        Path file = directory.resolve("questions.json");
        Files.writeString(file, "[{\"context\": \"one two\", \"question\": \"which?\"}]");
        assertThat(run("demo", "--model", golden(), "--input", file.toString(), "--json")
                        .json()
                        .path("answers"))
                .hasSize(1);
    }

    @Test
    void shipsQuestionsWhoseAnswersStandInTheirContexts() throws IOException {
        JsonNode root = MAPPER.readTree(DemoCommand.class.getResourceAsStream(DemoCommand.INPUT));
        assertThat(root).hasSizeGreaterThanOrEqualTo(16);
        for (JsonNode entry : root) {
            assertThat(entry.path("answers")).isNotEmpty();
            for (JsonNode answer : entry.path("answers")) {
                assertThat(entry.path("context").asText()).contains(answer.asText());
            }
        }
    }

    @Test
    void scoresRealQuestionsAndWritesPredictions() throws IOException {
        Path predictions = directory.resolve("predictions.json");
        JsonNode result = run(
                        "squad",
                        "--model",
                        golden(),
                        "--data",
                        SharedFiles.xquad().toString(),
                        "--limit",
                        "100",
                        "--predictions",
                        predictions.toString(),
                        "--json")
                .json();
        assertThat(result.path("total").asInt()).isEqualTo(100);
        assertThat(result.path("HasAns_total").asInt()).isEqualTo(100);
        assertThat(result.has("NoAns_total")).isFalse();
        assertThat(result.path("f1").asDouble()).isBetween(result.path("exact").asDouble(), 100.0);
        assertThat(result.path("questions_per_second").asDouble()).isPositive();
        assertThat(MAPPER.readTree(predictions.toFile())).hasSize(100);
    }

    @Test
    void comparesTwoDevices() throws IOException {
        JsonNode result = run(
                        "squad",
                        "--model",
                        golden(),
                        "--data",
                        SharedFiles.xquad().toString(),
                        "--limit",
                        "4",
                        "--batch-size",
                        "2",
                        "--device",
                        "cpu",
                        "--baseline-device",
                        "plain",
                        "--json")
                .json();
        assertThat(result.path("device").asText()).isEqualTo("cpu");
        assertThat(result.path("baseline").path("device").asText()).isEqualTo("plain");
        assertThat(result.path("equal_answers").asDouble()).isEqualTo(1.0);
    }

    @Test
    void comparesLogitsAndAnswersOfADeviceWithTwoSettings() throws IOException {
        JsonNode result = compare("--device", "cpu", "--device-option", "threads=1", "--device", "cpu", "--json")
                .json();
        assertThat(result.path("questions").asInt()).isEqualTo(12);
        assertThat(result.path("devices")
                        .path(0)
                        .path("options")
                        .path("threads")
                        .asText())
                .isEqualTo("1");
        assertThat(result.path("devices").path(1).path("options")).isEqualTo(MAPPER.createObjectNode());
        assertThat(result.at("/logits/correlation").asDouble()).isCloseTo(1, within(1e-6));
        assertThat(result.at("/logits/start/correlation").asDouble()).isCloseTo(1, within(1e-6));
        assertThat(result.at("/logits/end/correlation").asDouble()).isCloseTo(1, within(1e-6));
        assertThat(result.at("/logits/start/count").asInt())
                .isEqualTo(result.at("/logits/end/count").asInt())
                .isEqualTo(result.at("/logits/count").asInt() / 2);
        assertThat(result.at("/logits/largest_difference").asDouble()).isLessThan(1e-4);
        assertThat(result.at("/logits/mean_difference").asDouble())
                .isLessThanOrEqualTo(result.at("/logits/largest_difference").asDouble());
        assertThat(result.path("equal_answers").asDouble()).isEqualTo(1);
        assertThat(result.path("devices").path(0).path("f1").asDouble())
                .isEqualTo(result.path("devices").path(1).path("f1").asDouble());
    }

    @Test
    void comparesTwoDevicesInWords() {
        CommandRun outcome = compare("--device", "cpu", "--device", "plain");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("cpu: ")
                .contains("plain: ")
                .contains("F1 ")
                .contains("correlation 1.000000 (start 1.000000, end 1.000000)")
                .contains("100.00 % of 12 answers are equal");
    }

    @Test
    void comparesTwoDevicesAndNoOtherNumber() {
        assertThat(compare("--device", "cpu").status()).isEqualTo(2);
        assertThat(compare("--device", "cpu", "--device", "cpu", "--device", "cpu")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void devicesPrintsWhatARunOnAWormholeCardCostsOnPaper() throws Exception {
        JsonNode plans = run("devices", "--plan", "--model", "bundled", "--batch-size", "4", "--json")
                .json()
                .path("plans");
        assertThat(plans).hasSize(14);
        JsonNode n300 = plans.path(12);
        assertThat(n300.path("board").asText()).isEqualTo("n300");
        assertThat(n300.path("sequences").asInt()).isEqualTo(8);
        assertThat(n300.path("length").asInt()).isEqualTo(384);
        // The ids, and a mask of bfloat4_b for each sequence.
        assertThat(n300.path("host_to_device_bytes").asLong()).isEqualTo(8 * (4 * 384 + 144 * 576));
        assertThat(n300.path("seconds").asDouble()).isPositive();
        assertThat(run("devices", "--plan").out())
                .contains("N150: runs of 8 sequences")
                .contains("attention, 12 heads");
    }

    private static CommandRun compare(String... devices) {
        List<String> arguments = new ArrayList<>(List.of(
                "compare", "--model", golden(), "--data", SharedFiles.xquad().toString(), "--limit", "12"));
        arguments.addAll(List.of(devices));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void scoresQuestionsWithoutAnAnswer() throws IOException {
        Path file = directory.resolve("v2.json");
        Files.writeString(file, SquadFileTest.VERSION_2);
        JsonNode all = squad(file, "--no-answer-threshold", "0");
        // Above a threshold of 0 every question is answered with nothing: right where there is no answer, wrong
        // elsewhere.
        assertThat(number(all, "NoAns_exact")).isEqualTo(100);
        assertThat(number(all, "HasAns_exact")).isZero();
        assertThat(number(all, "exact")).isEqualTo(50);
        JsonNode none = squad(file, "--no-answer-threshold", "1");
        assertThat(number(none, "NoAns_exact")).isZero();
        assertThat(squad(file).path("total").asInt()).isEqualTo(2);
        // The best figures are over all thresholds, so they do not depend on the one that is given.
        for (JsonNode figures : List.of(all, none, squad(file))) {
            assertThat(number(figures, "best_exact")).isGreaterThanOrEqualTo(50);
            assertThat(number(figures, "best_f1")).isGreaterThanOrEqualTo(50);
            assertThat(number(figures, "best_exact_thresh")).isBetween(0.0, 1.0);
            assertThat(number(figures, "best_f1")).isEqualTo(number(all, "best_f1"));
            assertThat(number(figures, "best_f1_thresh")).isEqualTo(number(all, "best_f1_thresh"));
        }
    }

    /** A figure that is there: one that is missing would read as zero. */
    private static double number(JsonNode figures, String name) {
        assertThat(figures.path(name).isNumber()).as("%s of %s", name, figures).isTrue();
        return figures.path(name).asDouble();
    }

    private static JsonNode squad(Path file, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("squad", "--model", golden(), "--data", file.toString(), "--json"));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(new String[0])).json();
    }

    @Test
    void downloadsTheOfficialSetOnce() throws IOException {
        List<String> requests = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            byte[] body = SquadFileTest.VERSION_2.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.setProperty(
                "distilqa.squad.url", "http://127.0.0.1:" + server.getAddress().getPort() + "/sets");
        System.setProperty("distilqa.squad.cache", directory.toString());
        try {
            assertThat(run("squad", "--model", golden(), "--data", "squad_v2", "--device", "gpu")
                            .err())
                    .contains("there is no device \"gpu\"");
            assertThat(run("squad", "--model", golden(), "--data", "squad_v2", "--baseline-device", "gpu")
                            .err())
                    .contains("there is no device \"gpu\"");
            assertThat(requests).isEmpty();
            for (int i = 0; i < 2; i++) {
                JsonNode result = run("squad", "--model", golden(), "--data", "squad_v2", "--json")
                        .json();
                assertThat(result.path("total").asInt()).isEqualTo(2);
            }
        } finally {
            System.clearProperty("distilqa.squad.url");
            System.clearProperty("distilqa.squad.cache");
            server.stop(0);
        }
        assertThat(requests).containsExactly("/sets/dev-v2.0.json");
        assertThat(directory.resolve("dev-v2.0.json")).exists();
    }

    static List<List<String>> wrongArguments() {
        return List.of(
                List.of(),
                List.of("nonsense"),
                List.of("answer"),
                List.of("answer", "--model", "m", "--question", "q"),
                List.of("answer", "--model", "m", "--question", "q", "--context", "c", "--context-file", "f"),
                List.of("answer", "--model", "m", "--question", "q", "--context", "c", "--top-k", "many"),
                List.of("answer", "--model", "m", "--question", "q", "--context", "c", "--colour"),
                List.of("squad", "--model", "m", "--data", "f", "--limit", "0"),
                List.of("squad", "--model", "m", "--data", "f", "--no-answer-threshold", "2"),
                List.of("logits", "--model", "m"),
                List.of("answer", "--question", "q", "--context", "c", "--min-score", "1.5"),
                List.of("answer", "--question", "q", "--context", "c", "--color", "sometimes"),
                List.of("answer", "--question", "q", "--context", "c", "--show", "page"),
                List.of("answer", "--question", "q", "--context-file", "f", "--encoding", "klingon"),
                List.of("answer", "--question", "q", "--context-file", "f", "--format", "pdf"),
                List.of("completion", "fish"),
                List.of("demo", "--batch-size", "x"));
    }

    @Test
    void saysWhichCommandsThereAreInsteadOfOneThatThereIsNot() {
        assertThat(run("anwser", "--question", "q").err())
                .startsWith("there is no command \"anwser\"; there are answer, ask, batch,");
        assertThat(run("answer", "--question", "q").err()).startsWith("Missing required argument");
    }

    @ParameterizedTest
    @MethodSource("wrongArguments")
    void endsWithStatus2AndOneLineForAWrongArgument(List<String> arguments) {
        CommandRun outcome = run(arguments.toArray(new String[0]));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
    }

    static List<List<String>> failures() {
        String answer = "answer --question q --context c --model";
        return List.of(
                List.of("there is no such directory", answer + " no/such/directory"),
                // Of the question, not of an option.
                List.of(
                        "maxSequenceLength is 5, which a question of 3 tokens",
                        "answer --question one-two --context c --model GOLDEN --max-sequence-length 5"),
                List.of("there is no device \"gpu\"", answer + " GOLDEN --device gpu"),
                List.of(
                        "nowhere.txt: there is no such file",
                        "answer --question q --model GOLDEN --context-file nowhere.txt"),
                List.of("nowhere.jsonl: there is no such file", "batch --input nowhere.jsonl"),
                List.of("nowhere.json: there is no such file", "logits --model GOLDEN --ids-file nowhere.json"),
                List.of("must be a list of non-empty lists", "logits --model GOLDEN --ids-file GOLDEN/config.json"),
                List.of("is not valid JSON at line 1", "logits --model GOLDEN --ids-file GOLDEN/vocab.txt"),
                List.of("nowhere.json: there is no such file", "demo --model GOLDEN --input nowhere.json"),
                // Neither the data nor the model is looked at before.
                List.of(
                        "there is no device \"gpu\"",
                        "squad --model no/such/model --data nowhere.json --baseline-device gpu"),
                List.of("has no \"data\"; is it a SQuAD file?", "squad --model GOLDEN --data GOLDEN/config.json"),
                List.of("is a directory", "squad --model GOLDEN --data GOLDEN"),
                List.of(
                        "there is no directory",
                        "squad --model no/such/model --data XQUAD --predictions no/such/directory/out.json"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void endsWithStatus1AndOneClearLineForAFailure(List<String> messageAndArguments) {
        String[] arguments = messageAndArguments
                .get(1)
                .replace("GOLDEN", golden())
                .replace("XQUAD", SharedFiles.xquad().toString())
                .split(" ");
        CommandRun outcome = run(arguments);
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("distilqa: ").contains(messageAndArguments.get(0));
    }

    /** Files with something wrong inside: the message names the file and the place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "logits --ids-file | [[101, 102], [101, 30522]] | sequence 1: token id 30522 is not in the model's"
                        + " vocabulary",
                "logits --ids-file | [[101, 102]] [] | is not valid JSON at line 1, column 14: something follows",
                "logits --ids-file | [[101, 1.5]] | sequence 0 has 1.5 at index 1",
                "logits --ids-file | [[101], []] | sequence 1 is []",
                "logits --ids-file | [] | there is none",
                "logits --ids-file | [{\"input_ids\": [101]}] | sequence 0, token_type_ids is missing",
                "logits --ids-file | [{\"input_ids\": [101], \"token_type_ids\": [0, 1]}] | sequence 0 has 1 tokens,"
                        + " but 2 types",
                "logits --ids-file | [{\"input_ids\": [1, 2], \"token_type_ids\": [1, 0]}] | has the token type 0 at"
                        + " index 1",
                "demo --input | [{\"question\": \"q\", \"context\": \"c\"}, {\"question\": \" \", \"context\": \"c\"}]"
                        + " | entry 1: the question is empty",
                "demo --input | [{\"question\": \"q\"}] | entry 0 has no text",
                "squad --data | {\"data\": []} | has no question"
            })
    void namesTheFileAndThePlaceOfWhatIsWrong(String command, String text, String message) throws IOException {
        Path file = directory.resolve("input.json");
        Files.writeString(file, text);
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(file.toString(), "--model", golden()));
        CommandRun outcome = run(arguments.toArray(new String[0]));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("distilqa: " + file + ": ").contains(message);
    }

    @Test
    void findsWhatIsWrongWithADataSetBeforeItLoadsTheModel() throws IOException {
        Path file = directory.resolve("v2.json");
        String half = SquadFileTest.VERSION_2.substring(0, SquadFileTest.VERSION_2.length() - 20);
        Files.writeString(file, half);
        CommandRun outcome = run("squad", "--model", "no/such/directory", "--data", file.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("distilqa: " + file + ": is not valid JSON at line ");
    }

    @Test
    void takesAContextThatBeginsLikeAFileOfArguments() throws IOException {
        Path file = directory.resolve("arguments");
        Files.writeString(file, "--json");
        JsonNode result = run("answer", "--model", golden(), "--question", "q", "--context", "@" + file, "--json")
                .json();
        assertThat(result.path("answers")).hasSize(1);
    }

    @Test
    void failsIfTheResultsCannotBeWritten() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = DistilQa.run(
                new PrintStream(full, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "devices");
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written to standard output");
    }

    @Test
    void printsAStackTraceOnlyWhenAskedTo() {
        String[] arguments = {"answer", "--question", "q", "--context", "c", "--model", "no/such/directory", "--verbose"
        };
        assertThat(run(arguments).err()).contains("\tat org.distilqa");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "answer",
                "ask",
                "batch",
                "demo",
                "squad",
                "logits",
                "compare",
                "serve",
                "devices",
                "completion",
                "man"
            })
    void explainsEveryCommand(String command) {
        CommandRun outcome = command.isEmpty() ? run("--help") : run(command, "--help");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("Usage: distilqa " + command).contains("--verbose");
    }
}
