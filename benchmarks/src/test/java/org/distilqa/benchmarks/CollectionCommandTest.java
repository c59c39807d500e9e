package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.distilqa.benchmarks.contender.SharedFiles;
import org.junit.jupiter.api.Test;

class CollectionCommandTest {

    /** With the bundled model, which finds most of what is asked among XQuAD's 240 paragraphs. */
    @Test
    void comparesTheWaysToReadPassagesAndMeasuresIndexes() {
        Outcome outcome = Outcome.of(
                "collection",
                "--data",
                SharedFiles.xquad().toString(),
                "--cases",
                "6",
                "--passages",
                "3",
                "--sizes",
                "300",
                "--device",
                "cpu");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("240 documents", "an index of 300 documents");
        String questions = "| xquad.en.json | 6 | ";
        for (String way : new String[] {
            "the best passage alone | 1 |", "one by one, the best score | 3 |", "as one text (ours) | 3 |"
        }) {
            double rightDocument = Double.parseDouble(outcome.cell(questions + way, 4));
            double exact = Double.parseDouble(outcome.cell(questions + way, 5));
            double f1 = Double.parseDouble(outcome.cell(questions + way, 6));
            assertThat(rightDocument).isBetween(50.0, 100.0);
            assertThat(exact).isBetween(30.0, f1);
            assertThat(f1).isBetween(40.0, 100.0);
            assertThat(Double.parseDouble(outcome.cell(questions + way, 7))).isPositive();
        }
        // Long paragraphs make two passages of a document.
        assertThat(Integer.parseInt(outcome.cell("| 3", 0))).isBetween(300, 900);
        assertThat(Double.parseDouble(outcome.cell("| 3", 1))).isBetween(0.1, 1.0);
        assertThat(Double.parseDouble(outcome.cell("| 3", 5))).isPositive();
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(Outcome.of("collection").err()).contains("--data").hasLineCount(1);
        assertThat(Outcome.of("collection", "--data", "absent.json"))
                .matches(outcome -> outcome.status() == 1 && outcome.err().contains("absent.json"));
        assertThat(Outcome.of("collection", "--data", "x", "--passages", "0").err())
                .contains("must be at least 1");
    }
}
