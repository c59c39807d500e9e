package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanDecoderTest {
    private static final double FLOAT_ROUNDING = 1e-6;

    private final WordTokenizer tokenizer = new WordTokenizer();
    private final TokenizedText question = tokenizer.tokenize("which word");

    @Test
    void takesStartAndEndTogetherNeverSwapped() {
        // The best start stands after the best end; a span must not be made of the two.
        Prediction prediction = decode("one two six ten", AnswerOptions.defaults(), logits -> {
            logits.start("ten", 9);
            logits.start("one", 7);
            logits.end("one", 9);
            logits.end("two", 8);
        });
        assertThat(prediction.best().text()).isEqualTo("one");
    }

    @Test
    void neverAnswersWithTheQuestionOrASeparatorHoweverSureTheNetworkIs() {
        Prediction prediction = decode("one two", AnswerOptions.defaults().withTopK(10), logits -> {
            for (int i = 1; i < logits.window.contextStart(); i++) {
                logits.start[i] = 50;
                logits.end[i] = 50;
            }
            logits.start[logits.start.length - 1] = 50;
            logits.end[logits.end.length - 1] = 50;
        });
        assertThat(prediction.answers().stream().map(Answer::text)).containsExactlyInAnyOrder("one", "two", "one two");
        // They take no share of the probability either: the three spans and [CLS] have it all.
        assertThat(prediction.answers().get(0).score()).isCloseTo(1 / 9.0, within(FLOAT_ROUNDING));
        assertThat(prediction.noAnswerScore()).isCloseTo(1 / 9.0, within(FLOAT_ROUNDING));
    }

    @Test
    void leavesTheProbabilityOfNoAnswerOutOfTheSpans() {
        Prediction prediction = decode("one two", AnswerOptions.defaults(), logits -> {
            logits.start[0] = 40;
            logits.end[0] = 40;
        });
        assertThat(prediction.noAnswerScore()).isCloseTo(1, within(FLOAT_ROUNDING));
        assertThat(prediction.best().text()).isNotEmpty();
        assertThat(prediction.best().score()).isLessThan(1e-9);
    }

    @Test
    void letsNoAnswerCompeteOnlyWhenAsked() {
        AnswerOptions options =
                AnswerOptions.defaults().withHandleImpossibleAnswer(true).withTopK(2);
        Prediction prediction = decode("one two", options, logits -> {
            logits.start[0] = 40;
            logits.end[0] = 40;
            logits.start("two", 5);
            logits.end("two", 5);
        });
        assertThat(prediction.best()).isEqualTo(Answer.none(prediction.noAnswerScore()));
        assertThat(prediction.best().isEmpty()).isTrue();
        assertThat(prediction.answers().get(1).text()).isEqualTo("two");
    }

    @Test
    void widensASpanToWholeWordsUnlessToldNotTo() {
        Decoding middle = logits -> {
            logits.start("ghij", 9);
            logits.end("ghij", 9);
        };
        assertThat(decode("abc cdefghijklm xyz", AnswerOptions.defaults(), middle)
                        .best()
                        .text())
                .isEqualTo("cdefghijklm");
        assertThat(decode("abc cdefghijklm xyz", AnswerOptions.defaults().withAlignToWords(false), middle)
                        .best()
                        .text())
                .isEqualTo("ghij");
    }

    @Test
    void addsUpTheScoresOfEqualTextsAndKeepsTheFirstPlace() {
        Prediction prediction = decode("Nile or nile or NILE", AnswerOptions.defaults(), logits -> {
            for (String spelling : List.of("Nile", "nile", "NILE")) {
                logits.start(spelling, 5);
                logits.end(spelling, 5);
            }
        });
        assertThat(prediction.best().text()).isEqualTo("Nile");
        assertThat(prediction.best().start()).isZero();
        assertThat(prediction.best().score()).isCloseTo(3 / 9.0, within(0.03));
    }

    @Test
    void keepsToMaxAnswerLength() {
        Decoding longSpan = logits -> {
            logits.start("one", 9);
            logits.end("ten", 9);
        };
        AnswerOptions options = AnswerOptions.defaults();
        assertThat(decode("one two six ten", options.withMaxAnswerLength(4), longSpan)
                        .best()
                        .text())
                .isEqualTo("one two six ten");
        assertThat(decode("one two six ten", options.withMaxAnswerLength(3), longSpan)
                        .best()
                        .text())
                .isNotEqualTo("one two six ten");
    }

    @Test
    void hasNoAnswerWithoutAWindow() {
        Prediction prediction = new SpanDecoder("  ", tokenizer.tokenize("  "), AnswerOptions.defaults()).decode();
        assertThat(prediction).isEqualTo(new Prediction(List.of(Answer.none(0)), 0, 0));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesLogitsThatAreNotNumbers(float value) {
        assertThatThrownBy(() -> decode("one two", AnswerOptions.defaults(), logits -> logits.end("two", value)))
                .isInstanceOf(DeviceException.class);
    }

    @Test
    void survivesLogitsOfAnySize() {
        Prediction prediction = decode("one two", AnswerOptions.defaults(), logits -> {
            logits.start("one", Float.MAX_VALUE);
            logits.end("two", Float.MAX_VALUE);
            logits.end("one", -Float.MAX_VALUE);
        });
        assertThat(prediction.best()).isEqualTo(new Answer("one two", 0, 7, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 20, 100, 1000})
    void givesTopKAnswersWheneverThatManyExistWithoutDuplicates(int topK) {
        // The same few sentences again and again: most of the best spans of a window are copies of each other's.
        String context = "Bees tell where flowers are. Bees see flowers. ".repeat(60);
        for (boolean align : new boolean[] {true, false}) {
            AnswerOptions options = AnswerOptions.defaults()
                    .withTopK(topK)
                    .withAlignToWords(align)
                    .withMaxSequenceLength(64)
                    .withMaxAnswerLength(8);
            Random random = new Random(topK);
            Prediction prediction = decode(context, options, logits -> logits.random(random));
            List<String> texts = prediction.answers().stream()
                    .map(answer -> answer.text().toLowerCase(Locale.ROOT))
                    .toList();
            assertThat(texts).doesNotHaveDuplicates();
            assertThat(texts).hasSize(Math.min(topK, distinctSpans(context, options)));
            prediction
                    .answers()
                    .forEach(answer -> assertThat(context.substring(answer.start(), answer.end()))
                            .isEqualTo(answer.text()));
        }
    }

    @Test
    void agreesWithAnExhaustiveSearchOverAllSpans() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            StringBuilder context = new StringBuilder();
            int words = 1 + random.nextInt(40);
            for (int i = 0; i < words; i++) {
                context.append(Integer.toString(random.nextInt(100_000) + 7, 36))
                        .append(i % 3 == 0 ? ", " : " ");
            }
            // So many candidates that every span of every window is one.
            AnswerOptions options = AnswerOptions.defaults()
                    .withTopK(10_000)
                    .withMaxAnswerLength(1 + random.nextInt(20))
                    .withMaxSequenceLength(20)
                    .withDocStride(random.nextInt(8))
                    .withAlignToWords(random.nextBoolean());
            Map<String, Double> expected = new HashMap<>();
            Prediction prediction = decode(context.toString(), options, logits -> {
                logits.random(random);
                logits.addAllSpans(context.toString(), options, expected);
            });
            assertThat(prediction.answers()).hasSize(expected.size());
            for (Answer answer : prediction.answers()) {
                assertThat(answer.score())
                        .as(answer.text())
                        .isCloseTo(expected.get(answer.text()), within(FLOAT_ROUNDING));
            }
            assertThat(prediction.answers()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        }
    }

    private int distinctSpans(String context, AnswerOptions options) {
        Map<String, Double> spans = new HashMap<>();
        decode(context, options.withTopK(1), logits -> logits.addAllSpans(context, options, spans));
        return (int) spans.keySet().stream()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .distinct()
                .count();
    }

    private Prediction decode(String context, AnswerOptions options, Decoding decoding) {
        TokenizedText tokens = tokenizer.tokenize(context);
        SpanDecoder decoder = new SpanDecoder(context, tokens, options);
        for (Window window : Window.cover(question, tokens, tokenizer, 512, options)) {
            WindowLogits logits = new WindowLogits(context, tokens, window);
            decoding.fill(logits);
            decoder.add(window, logits.start, logits.end);
        }
        return decoder.decode();
    }

    private interface Decoding {
        void fill(WindowLogits logits);
    }

    /** The logits of a window, 0 where nothing else was said. */
    private static final class WindowLogits {
        private final String context;
        private final TokenizedText tokens;
        private final Window window;
        private final float[] start;
        private final float[] end;

        WindowLogits(String context, TokenizedText tokens, Window window) {
            this.context = context;
            this.tokens = tokens;
            this.window = window;
            this.start = new float[window.ids().length];
            this.end = new float[window.ids().length];
        }

        void start(String token, float logit) {
            start[position(token)] = logit;
        }

        void end(String token, float logit) {
            end[position(token)] = logit;
        }

        private int position(String token) {
            for (int i = 0; i < tokens.size(); i++) {
                if (context.substring(tokens.starts()[i], tokens.ends()[i]).equals(token)) {
                    return window.contextStart() + i - window.firstToken();
                }
            }
            throw new AssertionError("no token " + token);
        }

        void random(Random random) {
            for (int i = 0; i < start.length; i++) {
                start[i] = (float) random.nextGaussian() * 3;
                end[i] = (float) random.nextGaussian() * 3;
            }
        }

        /** Every span of the window, by the definition alone. */
        void addAllSpans(String context, AnswerOptions options, Map<String, Double> scores) {
            double[] s = probabilities(start);
            double[] e = probabilities(end);
            for (int i = 0; i < window.tokens(); i++) {
                for (int j = i; j < window.tokens() && j < i + options.maxAnswerLength(); j++) {
                    int from = tokens.starts()[window.firstToken() + i];
                    int to = tokens.ends()[window.firstToken() + j];
                    if (options.alignToWords()) {
                        while (from > 0 && Character.isLetterOrDigit(context.charAt(from - 1))) {
                            from--;
                        }
                        while (to < context.length() && Character.isLetterOrDigit(context.charAt(to))) {
                            to++;
                        }
                    }
                    scores.merge(context.substring(from, to), s[i] * e[j], Double::sum);
                }
            }
        }

        private double[] probabilities(float[] logits) {
            double[] masked = new double[logits.length];
            Arrays.fill(masked, -10_000);
            masked[0] = logits[0];
            for (int i = 0; i < window.tokens(); i++) {
                masked[window.contextStart() + i] = logits[window.contextStart() + i];
            }
            double max = Arrays.stream(masked).max().orElseThrow();
            double sum = Arrays.stream(masked).map(x -> Math.exp(x - max)).sum();
            double[] probabilities = new double[window.tokens()];
            Arrays.setAll(probabilities, i -> Math.exp(masked[window.contextStart() + i] - max) / sum);
            return probabilities;
        }
    }
}
