package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.distilqa.execution.RequestLimits;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window;

/** What holds of any text, question, window and number of answers, whatever a network says. */
class AnswersOfAnyTextTest {
    private static final int MAX_POSITIONS = TestAnswerers.MAX_POSITIONS;

    private final WordTokenizer tokenizer = new WordTokenizer();
    private final FakeDevice device = new FakeDevice();
    private final QuestionAnswerer answerer = TestAnswerers.of(device, tokenizer, 8, RequestLimits.DEFAULT);

    /** Any text; and text of words, values, tags and accents that is long enough for many windows. */
    @Provide
    static Arbitrary<String> text() {
        Arbitrary<String> pieces = Arbitraries.of(
                "the ",
                "mill ",
                "Mill ",
                "Ada Quill",
                "built",
                " in 1912. ",
                "\n",
                ".\n\n",
                ", ",
                "server.conf",
                " -40 ",
                "<95%",
                "<h2>",
                "</h2>",
                "a.b@c.org",
                "e\u0301",
                "\ud83d\udc68\u200d\ud83d\udc69",
                "\ud83d",
                "\u4e2d",
                "\u0130",
                "abcdefghijklmnop ");
        Arbitrary<String> words = pieces.list().ofMinSize(1).ofMaxSize(300).map(list -> String.join("", list));
        return Arbitraries.oneOf(Arbitraries.strings().all().ofMinLength(1).ofMaxLength(80), words);
    }

    @Provide
    static Arbitrary<String> question() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars(' ', '?')
                .ofMinLength(1)
                .ofMaxLength(60);
    }

    @Provide
    static Arbitrary<AnswerOptions> options() {
        Arbitrary<AnswerOptions> lengths = Combinators.combine(
                        Arbitraries.integers().between(5, MAX_POSITIONS),
                        Arbitraries.integers().between(0, MAX_POSITIONS - 1),
                        Arbitraries.integers().between(1, 70),
                        Arbitraries.integers().between(1, 70),
                        Arbitraries.integers().between(1, 50))
                .as((length, stride, answer, question, topK) -> AnswerOptions.defaults()
                        .withMaxSequenceLength(length)
                        .withDocStride(Math.min(stride, length - 1))
                        .withMaxAnswerLength(answer)
                        .withMaxQuestionLength(question)
                        .withTopK(topK));
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        return Combinators.combine(lengths, either, either, either, either)
                .as((options, align, second, overlapping, none) -> options.withAlignToWords(align)
                        .withSecondReading(second)
                        .withOverlappingAnswers(overlapping)
                        .withHandleImpossibleAnswer(none));
    }

    @Property
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void answersAreDistinctSpansOfTheContextBestFirst(
            @ForAll("question") String question,
            @ForAll("text") String context,
            @ForAll("options") AnswerOptions options) {
        Prediction prediction = predict(question, context, options);
        List<Answer> answers = prediction.answers();
        assertThat(answers).isNotEmpty().hasSizeLessThanOrEqualTo(options.topK());
        assertThat(prediction.noAnswerScore()).isBetween(0.0, 1.0);
        for (Answer answer : answers) {
            assertThat(context.substring(answer.start(), answer.end())).isEqualTo(answer.text());
            assertThat(answer.score()).isBetween(0.0, 1.0);
        }
        assertThat(answers).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        assertThat(answers.stream().map(answer -> answer.text().toLowerCase(Locale.ROOT)))
                .doesNotHaveDuplicates();
        if (!options.overlappingAnswers()) {
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answers)
                            .filteredOn(other -> other.start() < answer.end() && answer.start() < other.end())
                            .hasSizeLessThanOrEqualTo(1));
        }
        // That this is said of something.
        Statistics.collect(answers.size() > 1);
        Statistics.coverage(tries -> tries.check(true).percentage(share -> share > 30));
    }

    @Property
    void fewerAnswersAreTheFirstOfMore(
            @ForAll("question") String question,
            @ForAll("text") String context,
            @ForAll("options") AnswerOptions options,
            @ForAll @IntRange(min = 1, max = 1000) int more) {
        Prediction many = predict(question, context, options.withTopK(options.topK() + more));
        Prediction few = predict(question, context, options);
        assertThat(few.answers())
                .isEqualTo(many.answers()
                        .subList(0, Math.min(options.topK(), many.answers().size())));
        assertThat(few.noAnswerScore()).isEqualTo(many.noAnswerScore());
    }

    @Property
    void theOverlapDoesNotMatterToAContextThatFits(
            @ForAll("question") String question,
            @ForAll("text") String context,
            @ForAll("options") AnswerOptions options,
            @ForAll @IntRange(max = 4) int docStride) {
        Prediction prediction = predict(question, context, options);
        Assume.that(prediction.windows() == 1);
        assertThat(predict(question, context, options.withDocStride(docStride))).isEqualTo(prediction);
    }

    @Property
    void everyWindowGoesOnWhereTheContextHasNotBeenRead(
            @ForAll("question") String question,
            @ForAll("text") String context,
            @ForAll("options") AnswerOptions options) {
        TokenizedText asked = tokenizer.tokenize(question);
        TokenizedText tokens = tokenizer.tokenize(context);
        assumeRoom(asked, options);
        int read = 0;
        for (Window window :
                Window.cover(asked, tokens, new Window.Stretch(0, tokens.size()), tokenizer, MAX_POSITIONS, options)) {
            Window.Stretch stretch = window.stretch();
            assertThat(stretch.first()).isLessThanOrEqualTo(read);
            assertThat(stretch.end()).isGreaterThan(read);
            assertThat(window.ids())
                    .hasSizeLessThanOrEqualTo(options.maxSequenceLength().getAsInt());
            read = stretch.end();
        }
        assertThat(read).isEqualTo(tokens.size());
    }

    private Prediction predict(String question, String context, AnswerOptions options) {
        assumeRoom(tokenizer.tokenize(question), options);
        return answerer.predict(new QuestionRequest(question, context, options));
    }

    private static void assumeRoom(TokenizedText question, AnswerOptions options) {
        int tokens = Math.min(question.size(), options.maxQuestionLength());
        Assume.that(tokens > 0 && tokens + 4 <= options.maxSequenceLength().getAsInt());
    }
}
