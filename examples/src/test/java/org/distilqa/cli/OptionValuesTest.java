package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.cli.CommandRun.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.distilqa.cli.squad.SquadFileTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of options that are understood and cannot be: whoever refuses them, they are wrong arguments. */
class OptionValuesTest {
    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class, Duration.class);

    /** What each command needs beside the option. */
    private static final Map<String, String> REQUIRED = Map.of(
            "answer", "--question q --context c",
            "ask", "--question q --docs FOLDER --index FOLDER/index",
            "batch", "--input FOLDER/rows.jsonl",
            "demo", "",
            "squad", "--data FOLDER/squad.json",
            "logits", "--ids-file FOLDER/ids.json",
            "compare", "--data FOLDER/squad.json",
            "serve", "--docs FOLDER --index FOLDER/index",
            "devices", "--plan");

    private static final String TOP_K = "--top-k is 0; it must be from 1 to 10000";
    private static final String BATCH_SIZE = "--batch-size is 0; it must be from 1 to 4096";
    private static final String TOO_LONG = "--max-sequence-length is 513; it must be from 5 to 512";
    private static final String PASSAGES = "--passages is 0; it must be from 1 to 1000";
    private static final String TIMEOUT = "'--timeout': 0 is not at least 1 second";
    private static final String LIMIT = "'--limit': 0 is not at least 1";
    private static final String THREADS =
            "--device-option: device option threads is \"0\"; it must be a whole number from 1 to ";

    @TempDir
    private Path directory;

    static List<Arguments> refused() {
        return Stream.of(
                        settings("answer"),
                        settings("batch"),
                        Stream.of(
                                Arguments.of("answer", "--timeout 0", TIMEOUT),
                                Arguments.of(
                                        "answer",
                                        "--model a/b --revision ..",
                                        "--revision is \"..\"; it must be the name of a branch"),
                                Arguments.of(
                                        "answer",
                                        "--device cpu --device-option colour=red",
                                        "--device-option: device cpu has no option colour; it has kernels, threads"),
                                Arguments.of("ask", "--top-k 0", TOP_K),
                                Arguments.of("ask", "--passages 0", PASSAGES),
                                Arguments.of("ask", "--timeout 0", TIMEOUT),
                                Arguments.of("demo", "--batch-size 0", BATCH_SIZE),
                                Arguments.of("squad", "--batch-size 0", BATCH_SIZE),
                                Arguments.of("squad", "--limit 0", LIMIT),
                                Arguments.of(
                                        "squad",
                                        "--no-answer-threshold 2",
                                        "'--no-answer-threshold': 2 is not from 0 to 1"),
                                Arguments.of("compare", "--device cpu --device cpu --limit 0", LIMIT),
                                Arguments.of("serve", "--port 70000", "--port is 70000; it must be from 0 to 65535"),
                                Arguments.of("serve", "--host ", "--host is empty; it must be the name"),
                                Arguments.of("serve", "--allow-host ", "--allow-host is empty; it must be the name"),
                                Arguments.of(
                                        "serve",
                                        "--max-context-length 0",
                                        "--max-context-length is 0; it must be from 1 to 10000000"),
                                Arguments.of(
                                        "serve", "--max-requests 0", "--max-requests is 0; it must be from 1 to 1000"),
                                Arguments.of(
                                        "serve",
                                        "--timeout 86401",
                                        "--timeout is PT24H1S; it must be more than zero and at most PT24H"),
                                Arguments.of("serve", "--passages 0", PASSAGES),
                                Arguments.of("devices", "--batch-size 0", "--batch-size is 0; it must be from 1 to 64"),
                                Arguments.of(
                                        "devices",
                                        "--device-option precision=int3",
                                        "--device-option: device option precision is \"int3\"; it must be one of"),
                                Arguments.of(
                                        "compare", "--device cpu --device-option threads=0 --device cpu", THREADS)),
                        Stream.of("answer", "ask", "batch", "demo", "squad", "logits", "serve")
                                .map(command ->
                                        Arguments.of(command, "--device cpu --device-option threads=0", THREADS)))
                .flatMap(rows -> rows)
                .toList();
    }

    private static Stream<Arguments> settings(String command) {
        return Stream.of(
                Arguments.of(command, "--top-k 0", TOP_K),
                Arguments.of(
                        command, "--max-answer-length -1", "--max-answer-length is -1; it must be from 1 to 100000"),
                Arguments.of(
                        command, "--max-question-length 0", "--max-question-length is 0; it must be from 1 to 100000"),
                Arguments.of(
                        command,
                        "--max-sequence-length 384 --doc-stride 384",
                        "--doc-stride is 384; it must be from 0 to 383"),
                Arguments.of(command, "--max-sequence-length 513", TOO_LONG),
                Arguments.of(command, "--min-score 1.5", "'--min-score': 1.5 is not from 0 to 1"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refused")
    void endsWithStatus2AndNamesTheOptionAndItsRange(String command, String option, String message) throws IOException {
        Files.writeString(directory.resolve("rows.jsonl"), "{\"question\": \"q\", \"context\": \"c\"}\n");
        Files.writeString(directory.resolve("squad.json"), SquadFileTest.VERSION_2);
        Files.writeString(directory.resolve("ids.json"), "[[101, 102]]");
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(words(REQUIRED.get(command).replace("FOLDER", directory.toString())));
        arguments.addAll(words(option));
        CommandRun outcome = run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.notes()).last().asString().contains(message);
        assertThat(outcome.err().strip()).endsWith("(distilqa " + command + " --help lists the options)");
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    @Test
    void noNumberIsLeftOut() {
        Set<String> all = new TreeSet<>();
        DistilQa.whole()
                .getSubcommands()
                .forEach((name, command) -> command.getCommandSpec().options().stream()
                        .filter(option -> NUMBERS.contains(option.type()))
                        .forEach(option -> all.add(name + " " + option.longestName())));
        Set<String> refused = new TreeSet<>();
        for (Arguments row : refused()) {
            Arrays.stream(((String) row.get()[1]).split(" "))
                    .filter(word -> word.startsWith("--"))
                    .forEach(option -> refused.add(row.get()[0] + " " + option));
        }
        assertThat(all).hasSizeGreaterThan(20).isSubsetOf(refused);
    }
}
