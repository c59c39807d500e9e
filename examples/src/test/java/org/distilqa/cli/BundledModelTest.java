package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distilqa.QuestionAnswerer;
import org.distilqa.cli.squad.SquadFileTest;
import org.distilqa.cli.squad.SquadMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands without {@code --model}. */
class BundledModelTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ANSWER =
            "answer|--question|Who built it?|--context|The mill was built by Ada Quill in 1912.|--json";

    @TempDir
    private Path directory;

    private static List<String> arguments(String command) {
        return List.of(command.split("\\|"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ANSWER, "demo|--json", "squad|--data|DATA|--json"})
    void sayInOneLineWhichModelAnswersAndHowToNameAnother(String command) throws IOException {
        Path data = Files.writeString(directory.resolve("squad.json"), SquadFileTest.VERSION_2);
        CommandRun outcome = CommandRun.run(
                arguments(command.replace("DATA", data.toString())).toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("bundled model").contains("--model " + QuestionAnswerer.DEFAULT_MODEL);
        assertThat(MAPPER.readTree(outcome.out()).isObject()).isTrue();
    }

    @Test
    void sayNothingWhereTheModelWasChosen() {
        List<String> arguments = new ArrayList<>(arguments(ANSWER));
        arguments.addAll(List.of("--model", QuestionAnswerer.BUNDLED_MODEL));
        CommandRun outcome = CommandRun.run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void takeTheModelThatIsNamed() {
        List<String> arguments = new ArrayList<>(arguments(ANSWER));
        arguments.addAll(List.of("--model", "no/such/directory"));
        CommandRun outcome = CommandRun.run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("no/such/directory");
    }

    /** A directory that happens to be called so must not change what a command without options does. */
    @Test
    void doNotTakeADirectoryThatHasTheModelsName() throws Exception {
        Files.createDirectories(directory.resolve(QuestionAnswerer.BUNDLED_MODEL));
        CommandRun outcome = runAlone(arguments(ANSWER));
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    /** In a process of its own, whose home is empty and whose hub does not answer. */
    private CommandRun runAlone(List<String> arguments) throws Exception {
        Path home = Files.createDirectories(directory.resolve("home"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                DistilQa.class.getName()));
        command.addAll(arguments);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("HF_HOME", "HF_HUB_CACHE", "DJL_CACHE_DIR"));
        builder.environment().putAll(Map.of("HOME", home.toString(), "HF_ENDPOINT", "http://127.0.0.1:9"));
        int status = builder.start().waitFor();
        return new CommandRun(status, Files.readString(out), Files.readString(err));
    }

    @Test
    void answerMostShippedQuestionsWithAnEmptyHomeAndNoNetwork() throws Exception {
        CommandRun outcome = runAlone(List.of("demo", "--json"));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        JsonNode answers = MAPPER.readTree(outcome.out()).path("answers");
        JsonNode shipped = MAPPER.readTree(DemoCommand.class.getResourceAsStream(DemoCommand.INPUT));
        assertThat(answers).hasSameSizeAs(shipped);
        assertThat(shipped).hasSize(20);
        int exact = 0;
        for (int i = 0; i < shipped.size(); i++) {
            String answer = answers.path(i).path("answer").asText();
            double best = 0;
            for (JsonNode right : shipped.path(i).path("answers")) {
                best = Math.max(best, SquadMetric.exact(answer, right.asText()));
            }
            exact += (int) best;
        }
        // The model card says how many it is.
        assertThat(exact).as(outcome.out()).isGreaterThanOrEqualTo(15);
    }
}
