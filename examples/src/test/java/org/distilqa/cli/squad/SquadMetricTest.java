package org.distilqa.cli.squad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.distilqa.cli.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected values follow from the rules of SQuAD's evaluation script, worked out by hand. */
class SquadMetricTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The Eiffel Tower | eiffel tower",
                "an apple, a pear and the plum | apple pear and plum",
                "U.S.A. | usa",
                "'  two\t words ' | two words",
                "there is another theory | there is another theory",
                "the-an | thean",
                "Ça va: l’été | ça va l’été",
                "$1,000 (approx.) | 1000 approx",
                "co-op | coop",
                "the | ''",
                "A | ''"
            })
    void normalisesAsTheScriptDoes(String text, String normalized) {
        assertThat(SquadMetric.normalized(text)).isEqualTo(normalized);
    }

    /** What Python's regular expressions take for a word, which is not what Java's do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the\u0301 cat | \u0301 cat", // a combining mark ends a word
                "a\u200d cat | \u200d cat",
                "\u00b2a cat | \u00b2a cat", // a superscript is a part of one
                "\u2173a cat | \u2173a cat",
                "\u24d0a cat | \u24d0 cat",
                "\ud835\udc9can cat | \ud835\udc9can cat",
                "caf\u00e9a the | caf\u00e9a",
                "cat\u00a0the\u3000sat | cat sat"
            })
    void findsArticlesAsPythonDoes(String text, String normalized) {
        assertThat(SquadMetric.normalized(text)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the cat sat | cat sat | 1 | 1",
                "cat | cat sat | 0 | 0.6666666667",
                "cat cat | cat sat | 0 | 0.5",
                "dog | cat | 0 | 0",
                "in 1874 after nine years | 1874 | 0 | 0.3333333333",
                "'' | cat | 0 | 0",
                "the | '' | 1 | 1",
                "'' | '' | 1 | 1"
            })
    void scoresAsTheScriptDoes(String prediction, String answer, double exact, double f1) {
        assertThat(SquadMetric.exact(prediction, answer)).isEqualTo(exact);
        assertThat(SquadMetric.f1(prediction, answer)).isCloseTo(f1, within(1e-9));
    }

    @Test
    void takesTheBestOfTheRightAnswersAndSplitsByWhetherThereIsOne() {
        SquadMetric metric = new SquadMetric();
        metric.add("seven", List.of("at seven", "seven"));
        metric.add("the captain", List.of());
        metric.add("", List.of());
        metric.add("", List.of("noon"));
        ObjectNode figures = Json.object();
        metric.writeTo(figures);
        assertThat(figures.path("exact").asDouble()).isEqualTo(50);
        assertThat(figures.path("f1").asDouble()).isEqualTo(50);
        assertThat(figures.path("total").asInt()).isEqualTo(4);
        assertThat(figures.path("HasAns_exact").asDouble()).isEqualTo(50);
        assertThat(figures.path("HasAns_total").asInt()).isEqualTo(2);
        assertThat(figures.path("NoAns_f1").asDouble()).isEqualTo(50);
        assertThat(figures.path("NoAns_total").asInt()).isEqualTo(2);
    }

    @Test
    void findsTheThresholdsThatGiveTheBestFigures() {
        SquadMetric metric = new SquadMetric();
        add(metric, "noon", 0.1, List.of("noon")); // +1, +1
        add(metric, "the captain", 0.2, List.of()); // -1, -1
        add(metric, "at seven", 0.3, List.of("seven")); // +0, +2/3
        add(metric, "the cat sat", 0.4, List.of("cat sat")); // +1, +1
        add(metric, "a mate", 0.9, List.of()); // -1, -1
        ObjectNode figures = Json.object();
        metric.writeTo(figures);
        // Nothing answered: 2 of 5. Up to 0.4: 2 + 1 - 1 + 0 + 1. Up to 0.1: 2 + 1, which is as much and came first.
        assertThat(figures.path("best_exact").asDouble()).isEqualTo(60);
        assertThat(figures.path("best_exact_thresh").asDouble()).isEqualTo(0.1);
        assertThat(figures.path("best_f1").asDouble()).isCloseTo(100 * (3 + 2 / 3.0) / 5, within(1e-9));
        assertThat(figures.path("best_f1_thresh").asDouble()).isEqualTo(0.4);
    }

    private static void add(SquadMetric metric, String span, double noAnswerScore, List<String> answers) {
        metric.add(span, answers);
        metric.addBestSpan(span, noAnswerScore, answers);
    }
}
