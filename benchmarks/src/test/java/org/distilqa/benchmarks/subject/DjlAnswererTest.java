package org.distilqa.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.JavaCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlAnswererTest {
    private static final boolean HAS_PYTORCH =
            DjlAnswererTest.class.getResource("/native/lib/pytorch.properties") != null;

    /** A process of its own: DJL insists on being the first to use ONNX Runtime. */
    static final class OneByOneAndInBatches {
        private OneByOneAndInBatches() {}

        /**
         * Prints the answers to some questions, first one by one, then in batches.
         *
         * @param arguments a folder of peers' files, a SQuAD file
         */
        public static void main(String[] arguments) {
            List<Question> questions = Question.read(Path.of(arguments[1]), 10);
            try (Answerer djl = Answerer.open(Contender.parse("djl,graph=plain"), "unused", Path.of(arguments[0]))) {
                System.out.println(djl.ready(1).settings().get("graph"));
                questions.forEach(question -> System.out.println(djl.answer(question)));
                djl.answerAll(questions).forEach(System.out::println);
            }
        }
    }

    @Test
    void answersTheSameOneByOneAndInBatches(@TempDir Path directory) throws Exception {
        assumeTrue(HAS_PYTORCH, "PyTorch's libraries are there with the Maven profile run only");
        ContenderProcesses golden = GoldenProcesses.in(directory);
        PeerFiles.make(
                golden.model(),
                List.of(Contender.parse("djl,graph=plain")),
                golden.data(),
                List.of(),
                golden.python(),
                directory,
                line -> {});
        Process process = JavaCommand.of(
                        OneByOneAndInBatches.class,
                        directory.toString(),
                        golden.data().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(21).startsWith("plain");
        assertThat(lines.subList(11, 21)).isEqualTo(lines.subList(1, 11));
        assertThat(lines.subList(1, 11)).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void saysWhatItLacksWithoutPyTorch(@TempDir Path directory) {
        assumeTrue(!HAS_PYTORCH, "PyTorch's libraries are there");
        assertThatThrownBy(() -> Answerer.open(Contender.parse("djl"), "unused", directory))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("start the benchmarks with benchmarks/run");
    }
}
