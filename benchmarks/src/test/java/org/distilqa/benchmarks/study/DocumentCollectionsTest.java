package org.distilqa.benchmarks.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.distilqa.benchmarks.SharedFiles;
import org.junit.jupiter.api.Test;

class DocumentCollectionsTest {

    /** What a run of the program gave. */
    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = DocumentCollections.run(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void comparesTheWaysToReadPassagesAndMeasuresIndexes() {
        String model = SharedFiles.goldenCheckpoint().toString();
        Outcome outcome = run(
                "--model",
                model,
                "--data",
                SharedFiles.xquad().toString(),
                "--cases",
                "3",
                "--passages",
                "2",
                "--sizes",
                "300",
                "--device",
                "cpu");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("240 documents");
        assertThat(outcome.out().lines())
                .filteredOn(line -> line.startsWith("| xquad.en.json | 3 |"))
                .extracting(line -> line.split("\\|")[3].strip() + ", " + line.split("\\|")[4].strip())
                .containsExactly("the best passage alone, 1", "one by one, the best score, 2", "as one text (ours), 2");
        assertThat(outcome.out().lines())
                .filteredOn(line -> line.startsWith("| 3"))
                .hasSize(1);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(run().err()).contains("--data").hasLineCount(1);
        assertThat(run("--data", "absent.json"))
                .matches(outcome -> outcome.status() == 1 && outcome.err().contains("absent.json"));
        assertThat(run("--data", "x", "--passages", "0").err()).contains("must be at least 1");
    }
}
