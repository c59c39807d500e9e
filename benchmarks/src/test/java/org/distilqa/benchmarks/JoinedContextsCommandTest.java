package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.junit.jupiter.api.Test;

class JoinedContextsCommandTest {

    /** Of eight contexts in two draws. */
    private static Outcome run(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("joined", "--data", SharedFiles.xquad().toString(), "--cases", "4", "--draws", "2"));
        arguments.addAll(List.of("--device", "cpu"));
        arguments.addAll(List.of(more));
        return Outcome.of(arguments.toArray(String[]::new));
    }

    /** With the bundled model, whose answers are right where the paragraph stands alone. */
    @Test
    void comparesTheWaysOnContextsOfEverySort() {
        Outcome outcome = run("--paragraphs", "1,4");
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
    void drawsTheSameContextsAgainAndOthersWithAnotherSeed() {
        String[] arguments = {"--model", SharedFiles.goldenCheckpoint().toString(), "--paragraphs", "4", "--seed"};
        List<Outcome> outcomes = new ArrayList<>();
        for (String seed : new String[] {"1", "1", "2"}) {
            List<String> seeded = new ArrayList<>(List.of(arguments));
            seeded.add(seed);
            outcomes.add(run(seeded.toArray(String[]::new)));
        }
        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(outcome.status()).as(outcome.err()).isZero());
        assertThat(outcomes.get(1).out()).isEqualTo(outcomes.get(0).out());
        assertThat(outcomes.get(2).out()).isNotEqualTo(outcomes.get(0).out());
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
