package org.distilqa.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.JavaCommand;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Talks to real processes that hold the golden checkpoint. */
class ContenderProcessesTest {
    private static final int[][] TOKENS = new InputShape(2, 9).tokens(1000);

    private static WorkerProcess network(String contender) {
        return GoldenProcesses.in(Path.of("unused")).network(Contender.parse(contender));
    }

    @Test
    void runsTheNetworkAsOftenAsItIsToldAndGivesItsLogits() {
        Checkpoint checkpoint = Checkpoint.open(SharedFiles.goldenCheckpoint());
        try (WorkerProcess process = network("cpu,kernels=scalar,threads=1")) {
            assertThat(process.ready().loadNanoseconds()).isPositive();
            assertThat(process.ready().settings()).containsEntry("threads", "1").containsEntry("kernels", "scalar");
            long[] times = process.request(new Command.Run(TOKENS, 0, 20), Reply.Times.class)
                    .nanoseconds();
            assertThat(times).hasSize(20);
            assertThat(Arrays.stream(times).min().orElseThrow()).isPositive();
            Reply.LogitValues logits = process.request(new Command.ShowLogits(TOKENS), Reply.LogitValues.class);
            try (Device device = Devices.open("cpu", DeviceOptions.none().with("kernels", "scalar"));
                    Program program = device.compile(checkpoint.graph(), checkpoint.parameters())) {
                Logits expected = program.run(TokenBatch.of(TOKENS));
                for (int i = 0; i < TOKENS.length; i++) {
                    assertThat(logits.start()[i]).containsExactly(expected.start(i));
                    assertThat(logits.end()[i]).containsExactly(expected.end(i));
                }
            }
        }
    }

    @Test
    void tellsItsPeakOfMemory() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "this system does not tell a process's memory");
        try (WorkerProcess process = network("cpu")) {
            assertThat(process.request(new Command.ShowMemory(), Reply.Memory.class)
                            .known()
                            .orElseThrow())
                    .isBetween(10L << 20, 10L << 30);
        }
    }

    @Test
    void answersQuestions() {
        ContenderProcesses golden = GoldenProcesses.in(Path.of("unused"));
        try (WorkerProcess process = golden.questions(Contender.parse("cpu"))) {
            assertThat(times(process, Command.Mode.BATCHES, 0, 6)).hasSize(1).doesNotContain(0);
            assertThat(times(process, Command.Mode.SINGLE, 2, 5)).hasSize(3).doesNotContain(0);
        }
    }

    @Test
    void readsTheWindowsOfQuestionsWithTheNetworkAlone(@TempDir Path folder) {
        ContenderProcesses golden = GoldenProcesses.in(folder);
        PeerFiles.make(
                golden.model(),
                List.of(),
                golden.data(),
                Question.read(golden.data(), 6),
                golden.python(),
                folder,
                line -> {});
        try (WorkerProcess process = golden.network(Contender.parse("cpu"))) {
            assertThat(times(process, Command.Mode.NETWORK, 1, 6)).hasSize(1).doesNotContain(0);
        }
    }

    @Test
    void startsOnnxRuntimeHoweverLongTheClassPathIs(@TempDir Path folder) {
        ContenderProcesses golden = GoldenProcesses.in(folder);
        Contender contender = Contender.parse("onnxruntime,graph=plain");
        PeerFiles.make(
                golden.model(), List.of(contender), golden.data(), List.of(), golden.python(), folder, line -> {});
        ProcessBuilder command = JavaCommand.of(
                NetworkSubject.class,
                contender.toString(),
                golden.model().directory().toString(),
                folder.toString());
        assertThat(String.join(" ", command.command())).hasSizeLessThan(2000);
        String absent = (File.pathSeparator + folder.resolve("absent.jar")).repeat(500);
        command.environment().merge("CLASSPATH", absent, String::concat);
        try (WorkerProcess process = WorkerProcess.start("onnxruntime", command)) {
            assertThat(process.request(new Command.ShowLogits(TOKENS), Reply.LogitValues.class)
                            .start())
                    .hasDimensions(2, 9);
        }
    }

    private static long[] times(WorkerProcess process, Command.Mode mode, int from, int to) {
        return process.request(new Command.Answer(mode, from, to), Reply.Times.class)
                .nanoseconds();
    }

    @Test
    void saysInOneLineWhatAContenderRefuses() {
        assertThatThrownBy(() -> network("cpu,kernels=fast"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage(
                        "cpu,kernels=fast: device option kernels is \"fast\"; it must be one of [auto, scalar, vector]");
        assertThatThrownBy(() -> network("nonesuch"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("nonesuch: there is no device \"nonesuch\"");
    }

    @Test
    void saysWhatAContenderCannotDo() {
        try (WorkerProcess process = network("cpu")) {
            assertThatThrownBy(() -> process.request(new Command.MultiplyAndAdd(1), Reply.Rate.class))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageStartingWith("cpu: the network alone cannot do MultiplyAndAdd");
        }
    }

    @Test
    void answersTheFirstQuestionWithAPartOfItsContext() {
        GoldenProcesses.requireFirstAnswer(GoldenProcesses.in(Path.of("unused")), Contender.parse("cpu"));
    }
}
