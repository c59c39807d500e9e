package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.ClosedException;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidModelException;
import org.distilqa.InvalidRequestException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way, from text to text, with the golden checkpoint. Its weights are random: its answers are exact, not wise. */
class EndToEndTest {
    private static final String LIGHTHOUSE =
            "The lighthouse on Skerry Point was finished in 1874 after nine years of work. Its lamp, built by the Dunmore"
                    + " Glass Company, could be seen from twenty-two miles away.";

    private static QuestionAnswerer answerer;

    @BeforeAll
    static void open() {
        // The golden scores are those of float32, which is what every machine has this device in.
        answerer = QuestionAnswerer.builder()
                .model(SharedFiles.goldenCheckpoint())
                .device("cpu")
                .build();
    }

    @AfterAll
    static void close() {
        if (answerer != null) {
            answerer.close();
        }
    }

    static Stream<JsonNode> goldenAnswers() throws IOException {
        Path file = SharedFiles.goldenCheckpoint().resolve("answers.json");
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper().readTree(file.toFile()).path("cases").forEach(cases::add);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("goldenAnswers")
    void givesThePipelinesAnswersWhereTheContextFitsOneWindow(JsonNode golden) {
        assumeTrue(golden.path("windows").asInt() == 1, "the pipeline counts twice what two windows read");
        Prediction prediction = answerer.predict(request(golden).withOverlappingAnswers(true));
        assertThat(prediction.windows()).isEqualTo(1);
        List<JsonNode> expected = new ArrayList<>();
        golden.path("answers").forEach(expected::add);
        // Where more answers are asked for, the pipeline adds up more spans, and these were many alike. Ours adds up
        // the same whatever is asked for.
        expected.removeIf(answer -> answer.path("text").asText().equals("fixe: R$ 45,00 ("));
        assertThat(expected).isNotEmpty();
        for (int i = 0; i < expected.size(); i++) {
            Answer answer = prediction.answers().get(i);
            assertThat(answer.text()).isEqualTo(expected.get(i).path("text").asText());
            assertThat(answer.start()).isEqualTo(expected.get(i).path("start").asInt());
            assertThat(answer.end()).isEqualTo(expected.get(i).path("end").asInt());
            double score = expected.get(i).path("score").asDouble();
            // What the golden file states for float32.
            assertThat(answer.score()).isCloseTo(score, within(0.002 * score));
        }
    }

    @ParameterizedTest
    @MethodSource("goldenAnswers")
    void readsAsManyWindowsAsThePipelineAndAFewMoreForASecondReading(JsonNode golden) {
        int windows = golden.path("windows").asInt();
        QuestionRequest request = request(golden);
        assertThat(answerer.predict(request.withSecondReading(false)).windows()).isEqualTo(windows);
        assertThat(answerer.predict(request).windows() - windows).isBetween(windows == 1 ? 0 : 1, windows == 1 ? 0 : 4);
    }

    private static QuestionRequest request(JsonNode golden) {
        return QuestionRequest.of(
                        golden.path("question").asText(), golden.path("context").asText())
                .withOptions(options(golden.path("options")));
    }

    private static AnswerOptions options(JsonNode node) {
        AnswerOptions options = AnswerOptions.defaults();
        for (String name : (Iterable<String>) node::fieldNames) {
            JsonNode value = node.path(name);
            options = switch (name) {
                case "topK" -> options.withTopK(value.asInt());
                case "maxAnswerLength" -> options.withMaxAnswerLength(value.asInt());
                case "maxSequenceLength" -> options.withMaxSequenceLength(value.asInt());
                case "docStride" -> options.withDocStride(value.asInt());
                case "alignToWords" -> options.withAlignToWords(value.asBoolean());
                case "handleImpossibleAnswer" -> options.withHandleImpossibleAnswer(value.asBoolean());
                default -> throw new AssertionError("unknown option " + name);
            };
        }
        return options;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000, 20_000, 200_000})
    void answersFromContextsOfAnyLengthWithEveryOption(int characters) {
        String context = "Honey bees tell one another where flowers are by dancing; naïve café 😀. "
                .repeat(characters / 70 + 1)
                .substring(0, characters);
        QuestionRequest request = QuestionRequest.of("Where are the flowers?", context);
        for (QuestionRequest variant : List.of(
                request,
                request.withTopK(20),
                request.withMaxAnswerLength(1),
                request.withMaxSequenceLength(64).withDocStride(16).withTopK(3),
                request.withMaxSequenceLength(512),
                request.withHandleImpossibleAnswer(true).withTopK(2),
                request.withAlignToWords(false).withTopK(7),
                request.withMaxQuestionLength(1))) {
            List<Answer> answers = answerer.answer(variant);
            assertThat(answers)
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(variant.options().topK());
            answers.forEach(answer -> assertCut(answer, context));
        }
    }

    @Test
    void cutsTheTextOfEveryAnswerOutOfTheContextOnRealQuestions() throws IOException {
        List<QuestionRequest> requests = new ArrayList<>();
        JsonNode root = new ObjectMapper().readTree(SharedFiles.xquad().toFile());
        for (JsonNode paragraph : root.path("data").findValues("paragraphs").stream()
                .flatMap(paragraphs -> IntStream.range(0, paragraphs.size()).mapToObj(paragraphs::get))
                .toList()) {
            for (JsonNode question : paragraph.path("qas")) {
                requests.add(QuestionRequest.of(
                                question.path("question").asText(),
                                paragraph.path("context").asText())
                        .withTopK(5)
                        .withOverlappingAnswers(true));
            }
        }
        assertThat(requests).hasSize(1190);
        List<List<Answer>> answers = answerer.answerAll(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(answers.get(i)).hasSize(5);
            for (Answer answer : answers.get(i)) {
                assertThat(answer.isEmpty()).isFalse();
                assertCut(answer, requests.get(i).context());
            }
        }
    }

    @Test
    void cutsExactlyFromTextInAnyScript() {
        int[][] ranges = {
            {0x20, 0x7e}, {0xa0, 0x17f}, {0x300, 0x36f}, {0x600, 0x6ff}, {0x900, 0x97f}, {0x1100, 0x11ff},
            {0x2000, 0x206f}, {0x3040, 0x30ff}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0xd800, 0xdfff}, {0xfe00, 0xffff},
            {0x1d400, 0x1d7ff}, {0x1f300, 0x1f9ff}, {0x20000, 0x2a6df}, {0x0, 0x1f}
        };
        Random random = new Random(17);
        for (int round = 0; round < 300; round++) {
            StringBuilder context = new StringBuilder("the ");
            int length = 1 + random.nextInt(200);
            for (int i = 0; i < length; i++) {
                int[] range = ranges[random.nextInt(ranges.length)];
                context.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1));
                context.append(random.nextInt(4) == 0 ? " " : "");
            }
            String text = context.toString();
            answerer.answer(QuestionRequest.of("Was war das?", text).withTopK(10))
                    .forEach(answer -> assertCut(answer, text));
        }
    }

    private static void assertCut(Answer answer, String context) {
        assertThat(context.substring(answer.start(), answer.end())).isEqualTo(answer.text());
        assertThat(answer.score()).isBetween(0.0, 1.0);
    }

    @Test
    void givesThirtyTwoThreadsTheAnswersThatOneGets() throws Exception {
        List<QuestionRequest> requests = IntStream.range(0, 24)
                .mapToObj(i -> QuestionRequest.of("What was built in year " + i + "?", LIGHTHOUSE.repeat(1 + i % 5))
                        .withTopK(3))
                .toList();
        List<List<Answer>> expected = answerer.answerAll(requests);
        ExecutorService executor = Executors.newFixedThreadPool(32);
        try {
            List<Callable<List<List<Answer>>>> tasks = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                tasks.add(() -> requests.stream().map(answerer::answer).toList());
            }
            for (Future<List<List<Answer>>> result : executor.invokeAll(tasks)) {
                List<List<Answer>> actual = result.get();
                for (int i = 0; i < expected.size(); i++) {
                    assertSame(actual.get(i), expected.get(i));
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void assertSame(List<Answer> actual, List<Answer> expected) {
        assertThat(actual.stream().map(Answer::text))
                .containsExactlyElementsOf(expected.stream().map(Answer::text).toList());
        for (int i = 0; i < expected.size(); i++) {
            // Other neighbours in the batch may round the last bit otherwise.
            double score = expected.get(i).score();
            assertThat(actual.get(i).score()).isCloseTo(score, within(1e-5 * score));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n\t \r\n", "\u200b\u200b", "\u0000"})
    void findsNoAnswerInAContextWithoutAToken(String context) {
        Prediction prediction = answerer.predict(QuestionRequest.of("Who?", context));
        assertThat(prediction.best()).isEqualTo(Answer.none(0));
        assertThat(prediction.windows()).isZero();
    }

    @Test
    void refusesAQuestionWithoutAToken() {
        assertThatThrownBy(() -> answerer.answer("\u200b", LIGHTHOUSE)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void readsOnlyTheFirst64TokensOfAQuestion() {
        String longQuestion = "who ".repeat(64);
        assertThat(answerer.answer(longQuestion + "built the lamp of the lighthouse?", LIGHTHOUSE))
                .isEqualTo(answerer.answer(longQuestion, LIGHTHOUSE));
    }

    @Test
    void namesTheDevicesThatExistWhenAskedForAnother() {
        Path model = SharedFiles.goldenCheckpoint();
        assertThatThrownBy(() ->
                        QuestionAnswerer.builder().model(model).device("abacus").build())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("there is no device \"abacus\"")
                .hasMessageContaining("cpu (available: ");
    }

    @Test
    void refusesATokenizerWithMoreTokensThanTheModelHasEmbeddings(@TempDir Path directory) throws IOException {
        copyGolden(directory);
        Files.writeString(
                directory.resolve("vocab.txt"),
                Files.readString(directory.resolve("vocab.txt")).stripTrailing() + "\nonemoretoken\n");
        assertThatThrownBy(() -> QuestionAnswerer.builder().model(directory).build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("the tokenizer has 30523 tokens")
                .hasMessageContaining("30522");
    }

    @Test
    void refusesACheckpointWithoutATokenizer(@TempDir Path directory) throws IOException {
        copyGolden(directory);
        Files.delete(directory.resolve("vocab.txt"));
        assertThatThrownBy(() -> QuestionAnswerer.builder().model(directory).build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("there is no tokenizer");
    }

    @Test
    void refusesACheckpointThatWasCutShort(@TempDir Path directory) throws IOException {
        copyGolden(directory);
        Path weights = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> QuestionAnswerer.builder().model(directory).build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(weights + ": ")
                .hasMessageContaining("cut short");
    }

    private static void copyGolden(Path directory) throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt")) {
            Files.write(
                    directory.resolve(name),
                    Files.readAllBytes(SharedFiles.goldenCheckpoint().resolve(name)));
        }
    }

    @Test
    void refusesToAnswerAfterItWasClosed() {
        QuestionAnswerer closed =
                QuestionAnswerer.builder().model(SharedFiles.goldenCheckpoint()).build();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.answer("Who?", LIGHTHOUSE)).isInstanceOf(ClosedException.class);
    }
}
