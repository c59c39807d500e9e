package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
         * @param arguments the checkpoint, its tokenizer.json, a SQuAD file
         */
        public static void main(String[] arguments) {
            List<Question> questions = Question.read(Path.of(arguments[2]), 10);
            try (Answerer djl =
                    Answerer.open(Contender.parse("djl,graph=plain"), Path.of(arguments[0]), Path.of(arguments[1]))) {
                System.out.println(djl.ready(1).settings().get("graph"));
                questions.forEach(question -> System.out.println(djl.answer(question)));
                djl.answerAll(questions).forEach(System.out::println);
            }
        }
    }

    @Test
    void answersTheSameOneByOneAndInBatches(@TempDir Path directory) throws Exception {
        assumeTrue(HAS_PYTORCH, "PyTorch's libraries are there with the Maven profile run only");
        Path model = SharedFiles.makeCheckpoint(directory);
        List<String> command = WorkerProcess.command(
                OneByOneAndInBatches.class,
                model.toString(),
                TokenizerJson.of(model).toString(),
                SharedFiles.xquad().toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(21).startsWith("plain");
        assertThat(lines.subList(11, 21)).isEqualTo(lines.subList(1, 11));
    }

    @Test
    void saysWhatItLacksWithoutPyTorch(@TempDir Path directory) throws Exception {
        assumeTrue(!HAS_PYTORCH, "PyTorch's libraries are there");
        Path model = SharedFiles.makeCheckpoint(directory);
        assertThatThrownBy(() -> Answerer.open(Contender.parse("djl"), model, TokenizerJson.of(model)))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("start the benchmarks with benchmarks/run");
    }
}
