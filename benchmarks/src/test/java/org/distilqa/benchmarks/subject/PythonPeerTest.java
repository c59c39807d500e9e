package org.distilqa.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Talks to the real program in Python with the real packages. The environment variable {@code DISTILQA_PYTHON} names the
 * interpreter ({@code python3} otherwise). Without the packages the tests are skipped; that there is no OpenVINO is a failure in
 * continuous integration.
 */
class PythonPeerTest {
    private static final int[][] TOKENS = new InputShape(3, 17).tokens(1000);

    /** Two float32 runtimes add up in other orders; the golden checkpoint's logits lie within -10 and 10. */
    private static final double TOLERANCE = 1e-3;

    /** bfloat16 has 8 bits of precision, int8 fewer; what is wrong altogether is off by more. */
    private static final double COARSE_TOLERANCE = 1;

    @TempDir
    private static Path folder;

    private static ContenderProcesses golden;

    @BeforeAll
    static void makeFiles() {
        Python python = Python.find(System.getenv().getOrDefault("DISTILQA_PYTHON", "python3"), folder);
        golden = GoldenProcesses.in(folder, python);
        PeerFiles.make(
                golden.model(),
                List.of("openvino", "openvino,precision=int8").stream()
                        .map(Contender::parse)
                        .filter(contender -> python.missing(contender).isEmpty())
                        .toList(),
                golden.data(),
                Question.read(golden.data(), golden.limit()),
                python,
                folder,
                line -> {});
    }

    /** Skips the calling test where a package is missing. */
    private static Contender require(String text) {
        Contender contender = Contender.parse(text);
        String missing = golden.python().missing(contender);
        boolean isLight = text.startsWith("openvino") && !contender.precision().equals("int8");
        if (!missing.isEmpty() && isLight && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(missing + ", and CI=true");
        }
        assumeTrue(missing.isEmpty(), missing);
        return contender;
    }

    private static double differenceFromOurs(Contender contender) {
        Command command = new Command.ShowLogits(TOKENS);
        try (WorkerProcess ours = golden.network(Contender.parse("cpu"));
                WorkerProcess fixed = golden.networkOfFixedShapes(contender);
                WorkerProcess any = golden.network(contender)) {
            Reply.LogitValues expected = ours.request(command, Reply.LogitValues.class);
            double largest = 0;
            for (WorkerProcess process : List.of(fixed, any)) {
                Reply.LogitValues actual = process.request(command, Reply.LogitValues.class);
                assertThat(actual.start()).hasDimensions(3, 17);
                largest = Math.max(largest, actual.largestDifference(expected));
            }
            return largest;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openvino", "transformers"})
    void computesWhatOurOwnDeviceComputes(String contender) {
        assertThat(differenceFromOurs(require(contender))).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openvino,precision=int8", "transformers,precision=bfloat16"})
    void isNearButNotTheSameInOtherPrecisions(String contender) {
        assertThat(differenceFromOurs(require(contender))).isBetween(1e-6, COARSE_TOLERANCE);
    }

    @Test
    void runsTheNetworkAsOftenAsItIsToldAndTellsItsSettings() {
        Contender contender = require("openvino,threads=1");
        try (WorkerProcess process = golden.networkOfFixedShapes(contender)) {
            assertThat(process.ready().loadNanoseconds()).isPositive();
            assertThat(process.ready().settings())
                    .containsEntry("version", process.ready().description().split("[ ,]")[1])
                    .containsEntry("INFERENCE_NUM_THREADS", "1")
                    .containsEntry("shapes", "compiled for each");
            assertThat(process.request(new Command.Run(TOKENS, 0, 20), Reply.Times.class)
                            .nanoseconds())
                    .hasSize(20)
                    .doesNotContain(0);
            if (Files.isReadable(Path.of("/proc/self/status"))) {
                assertThat(process.request(new Command.ShowMemory(), Reply.Memory.class)
                                .peakBytes())
                        .isBetween(10L << 20, 10L << 30);
            }
        }
    }

    @Test
    void readsTheWindowsOfQuestionsWithTheNetworkAlone() {
        try (WorkerProcess process = golden.network(require("openvino"))) {
            assertThat(process.request(new Command.Answer(Command.Mode.NETWORK, 1, 6), Reply.Times.class)
                            .nanoseconds())
                    .hasSize(1)
                    .doesNotContain(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openvino", "transformers"})
    void answersQuestionsInEveryWay(String name) {
        Contender contender = require(name);
        assumeTrue(golden.python().canAnswer(contender), "this Python has no tokenizers");
        try (WorkerProcess process = golden.questions(contender)) {
            for (Command.Mode mode : Command.Mode.values()) {
                assertThat(process.request(new Command.Answer(mode, 1, 5), Reply.Times.class)
                                .nanoseconds())
                        .hasSize(mode == Command.Mode.SINGLE ? 4 : 1)
                        .doesNotContain(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openvino", "transformers"})
    void answersTheFirstQuestionWithAPartOfItsContext(String name) {
        Contender contender = require(name);
        assumeTrue(golden.python().canAnswer(contender), "this Python has no tokenizers");
        GoldenProcesses.requireFirstAnswer(golden, contender);
    }

    @Test
    void saysInOneLineWhatItRefusesOrCannotDo() {
        require("openvino");
        assertThatThrownBy(() -> golden.network(Contender.parse("openvino,precision=float16")))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("openvino,precision=float16: option precision is \"float16\"; it must be one of float32,"
                        + " bfloat16, int8");
        assertThatThrownBy(() -> golden.network(Contender.parse("openvino,threads=0")))
                .hasMessageEndingWith("option threads is \"0\"; it must be a whole number from 1 to 1024");
        assertThatThrownBy(() -> golden.network(Contender.parse("openvino,streams=2")))
                .hasMessageEndingWith("openvino has no option \"streams\"; it has precision, threads");
        try (WorkerProcess process = golden.network(Contender.parse("openvino"))) {
            assertThatThrownBy(() -> process.request(new Command.MultiplyAndAdd(1), Reply.Rate.class))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageStartingWith("openvino,precision=float32: the network alone cannot do")
                    .hasMessageContaining("multiplyAndAdd");
        }
    }
}
