package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.distilqa.execution.RequestLimits;
import org.junit.jupiter.api.Test;

/** Requests of several passages. */
class PassagesTest {
    private static final String QUESTION = "who built the mill";

    private final QuestionAnswerer answerer =
            TestAnswerers.of(new FakeDevice(), new WordTokenizer(), 8, RequestLimits.DEFAULT);

    @Provide
    static Arbitrary<List<String>> passages() {
        Arbitrary<String> pieces = Arbitraries.of(
                "the ",
                "mill ",
                "Ada Quill",
                " in 1912. ",
                "\n",
                "\n\n",
                ", ",
                "server.conf",
                "well-",
                "known",
                "-40",
                " ",
                "e\u0301",
                "\u0301",
                "\ud83d\ude00",
                "<b>",
                "abcdefghijklmnop ");
        return pieces.list()
                .ofMinSize(1)
                .ofMaxSize(60)
                .map(list -> String.join("", list))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void everyAnswerIsAPartOfOnePassage(@ForAll("passages") List<String> passages) {
        QuestionRequest request = QuestionRequest.ofPassages(QUESTION, passages).withTopK(20);
        Prediction prediction = answerer.predict(request);
        for (Answer answer : prediction.answers()) {
            if (!answer.isEmpty()) {
                PassageAnswer inPassage = request.inPassage(answer);
                assertThat(passages.get(inPassage.passage())
                                .substring(
                                        inPassage.answer().start(),
                                        inPassage.answer().end()))
                        .isEqualTo(answer.text());
                assertThat(request.context().substring(answer.start(), answer.end()))
                        .isEqualTo(answer.text());
            }
            assertThat(answer.score()).isBetween(0.0, 1.0);
        }
        requireMostly("answered", !prediction.best().isEmpty());
    }

    /** That what a property says is said of something, in most of its tries. */
    private static void requireMostly(String label, boolean said) {
        Statistics.label(label).collect(said);
        Statistics.label(label).coverage(tries -> tries.check(true).percentage(share -> share > 50));
    }

    /** Each passage is read as if it were alone, so that which is the likelier one hangs on nothing beside it. */
    @Property
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void isAsSureOfAPassageBesideAnotherAsOfItAlone(@ForAll("passages") List<String> passages) {
        QuestionRequest together = QuestionRequest.ofPassages(QUESTION, passages)
                .withAlignToWords(false)
                .withSecondReading(false);
        Prediction prediction = answerer.predict(together);
        double best = passages.stream()
                .map(passage -> answerer.predict(QuestionRequest.of(QUESTION, passage)
                        .withAlignToWords(false)
                        .withSecondReading(false)))
                .filter(alone -> !alone.best().isEmpty())
                .mapToDouble(alone -> alone.best().score() / alone.noAnswerScore())
                .max()
                .orElse(0);
        assertThat(prediction.best().score() / Math.max(1e-300, prediction.noAnswerScore()))
                .isCloseTo(best, within(1e-9 * Math.max(1, best)));
        requireMostly("beside others", best > 0 && passages.size() > 1);
    }

    @Test
    void onePassageIsAContext() {
        String context = "the mill was built by Ada Quill . ".repeat(30);
        assertThat(answerer.predict(QuestionRequest.ofPassages(QUESTION, List.of(context))))
                .isEqualTo(answerer.predict(QuestionRequest.of(QUESTION, context)));
        assertThat(QuestionRequest.ofPassages(QUESTION, List.of(context)))
                .isEqualTo(QuestionRequest.of(QUESTION, context))
                .hasSameHashCodeAs(QuestionRequest.of(QUESTION, context));
    }

    @Test
    void readsEachPassageByItselfAndOnce() {
        String longer = "the mill was built by Ada Quill . ".repeat(12);
        List<String> passages = List.of("the mill", longer, " \n ", "the wheel of the mill");
        int alone = passages.stream()
                .mapToInt(passage -> answerer.predict(
                                QuestionRequest.of(QUESTION, passage).withSecondReading(false))
                        .windows())
                .sum();
        assertThat(alone).isGreaterThan(4);
        assertThat(answerer.predict(QuestionRequest.ofPassages(QUESTION, passages))
                        .windows())
                .isEqualTo(alone);
    }

    @Test
    void weightsMultiplyWhatIsLikely() {
        List<String> passages = List.of("the mill was built by Ada Quill", "the wheel was carved by Jonas Fell");
        QuestionRequest request = QuestionRequest.ofPassages(QUESTION, passages)
                .withAlignToWords(false)
                .withTopK(1000)
                .withOverlappingAnswers(true);
        Prediction even = answerer.predict(request);
        Prediction weighted = answerer.predict(request.withPassageWeights(List.of(1.0, 0.25)));
        int compared = 0;
        for (Answer answer : even.answers()) {
            double weight = request.inPassage(answer).passage() == 0 ? 1 : 0.25;
            for (Answer other : weighted.answers()) {
                if (other.start() == answer.start() && other.end() == answer.end()) {
                    assertThat(other.score() / weighted.noAnswerScore())
                            .isCloseTo(
                                    weight * answer.score() / even.noAnswerScore(),
                                    within(1e-9 * answer.score() / even.noAnswerScore()));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(20);
        assertThat(answerer.predict(request.withPassageWeights(List.of(1e-9, 1.0)))
                        .best()
                        .start())
                .isGreaterThan(passages.get(0).length());
        assertThat(answerer.predict(request.withPassageWeights(List.of(2.0, 2.0)))
                        .noAnswerScore())
                .isLessThan(even.noAnswerScore());
    }

    @Test
    void refusesPassagesAndWeightsThatCannotBe() {
        assertThatThrownBy(() -> QuestionRequest.ofPassages(QUESTION, List.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> QuestionRequest.ofPassages(QUESTION, null)).hasMessageContaining("null");
        assertThatThrownBy(() -> QuestionRequest.ofPassages(QUESTION, List.of("a", "")))
                .hasMessageContaining("passage 1 is empty");
        assertThatThrownBy(() -> QuestionRequest.ofPassages(QUESTION, Collections.singletonList(null)))
                .hasMessageContaining("passage 0 is null");
        QuestionRequest request = QuestionRequest.ofPassages(QUESTION, List.of("a", "b"));
        assertThat(request).hasToString("\"who built the mill\" of 4 characters in 2 passages, " + request.options());
        assertThatThrownBy(() -> request.withPassageWeights(List.of(1.0)))
                .hasMessageContaining("1 weights for 2 passages");
        for (Double weight : Arrays.asList(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY, 1e10, null)) {
            assertThatThrownBy(() -> request.withPassageWeights(Arrays.asList(1.0, weight)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(String.valueOf(weight));
        }
        assertThatThrownBy(() -> request.inPassage(Answer.none(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.inPassage(new Answer("a\n\nb", 0, 4, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
