package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.junit.jupiter.api.Test;

class JoinedContextsCommandTest {

    /** With the bundled model, whose answers are right where the paragraph stands alone. */
    @Test
    void comparesTheWaysOnContextsOfEverySort() {
        String[] arguments = {
            "joined",
            "--data",
            SharedFiles.xquad().toString(),
            "--paragraphs",
            "1,4",
            "--cases",
            "4",
            "--draws",
            "2",
            "--device",
            "cpu"
        };
        Outcome outcome = Outcome.of(arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("8 contexts of 4 paragraphs, random", "8 contexts of 1 paragraphs, neighbours");
        for (String others : new String[] {"random", "neighbours"}) {
            String alone = "| " + others + " | 1 | 8 |";
            // One window, which all ways read alike.
            assertThat(outcome.cell(alone, 3)).isEqualTo("1.0");
            assertThat(Double.parseDouble(outcome.cell(alone, 4))).isBetween(60.0, 100.0);
            assertThat(outcome.cell(alone, 5)).isEqualTo(outcome.cell(alone, 4));
            assertThat(outcome.cell(alone, 6)).isEqualTo("+0.0 (+0.0..+0.0)");
            assertThat(outcome.cell(alone, 9)).isEqualTo("0.0");
            String joined = "| " + others + " | 4 | 8 |";
            assertThat(Double.parseDouble(outcome.cell(joined, 3))).isBetween(1.5, 6.0);
            assertThat(Double.parseDouble(outcome.cell(joined, 7))).isBetween(40.0, 100.0);
            assertThat(Double.parseDouble(outcome.cell(joined, 9))).isPositive();
        }
    }

    @Test
    void drawsTheSameContextsAgain() {
        String[] arguments = {
            "joined",
            "--model",
            SharedFiles.goldenCheckpoint().toString(),
            "--data",
            SharedFiles.xquad().toString(),
            "--paragraphs",
            "4",
            "--cases",
            "4",
            "--draws",
            "2",
            "--device",
            "cpu"
        };
        Outcome outcome = Outcome.of(arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(Outcome.of(arguments).out()).isEqualTo(outcome.out());
        String[] others = Arrays.copyOf(arguments, arguments.length + 2);
        others[arguments.length] = "--seed";
        others[arguments.length + 1] = "2";
        assertThat(Outcome.of(others).out()).isNotEqualTo(outcome.out());
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(Outcome.of("joined").err()).contains("--data").hasLineCount(1);
        assertThat(Outcome.of("joined", "--data", "absent.json"))
                .matches(outcome -> outcome.status() == 1 && outcome.err().contains("absent.json"));
        assertThat(Outcome.of("joined", "--data", "x", "--cases", "0").err()).contains("must be at least 1");
        assertThat(Outcome.of("joined", "--data", "x", "--others", "some").err())
                .contains("some")
                .hasLineCount(1);
    }
}
