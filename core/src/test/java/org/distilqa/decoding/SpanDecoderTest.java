package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.DeviceException;
import org.distilqa.Prediction;
import org.distilqa.WordTokenizer;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.window.Window;
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
        AnswerOptions options = AnswerOptions.defaults().withTopK(10).withOverlappingAnswers(true);
        Prediction prediction = decode("one two", options, logits -> {
            for (int i = 1; i < logits.window.contextStart(); i++) {
                logits.start[i] = 50;
                logits.end[i] = 50;
            }
            logits.start[logits.start.length - 1] = 50;
            logits.end[logits.end.length - 1] = 50;
        });
        assertThat(texts(prediction)).containsExactlyInAnyOrder("one", "two", "one two");
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
    void addsUpTheScoresOfEqualTextsOfAWindow() {
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
    void placesAnAnswerWhereItsLikeliestSpanStands() {
        Prediction prediction = decode("Nile or nile or NILE", AnswerOptions.defaults(), logits -> {
            logits.start("NILE", 9);
            logits.end("NILE", 9);
        });
        assertThat(prediction.best()).matches(answer -> answer.text().equals("NILE") && answer.start() == 16);
    }

    @Test
    void addsNothingUpOverWindows() {
        // "reed" stands in each of many windows and is likely in all of them; "mill" stands once and is likelier.
        String context = "reed a b c d e f g ".repeat(30) + "mill " + "a b c d e f g reed ".repeat(30);
        AnswerOptions options = AnswerOptions.defaults().withMaxSequenceLength(20);
        Prediction prediction = decode(context, options, logits -> {
            logits.each("reed", 6);
            logits.each("mill", 7);
        });
        assertThat(prediction.windows()).isGreaterThan(30);
        assertThat(prediction.best().text()).isEqualTo("mill");
    }

    @Test
    void countsASpanThatTwoWindowsReadOnce() {
        // The only thing said is said of one word, which stands where two windows overlap.
        AnswerOptions options =
                AnswerOptions.defaults().withMaxSequenceLength(20).withDocStride(7);
        Prediction prediction = decode("a b c d e f g h i mill k l m n o p q r s t u v", options, logits -> {
            logits.each("mill", 20);
        });
        assertThat(prediction.windows()).isGreaterThan(1);
        assertThat(prediction.best().text()).isEqualTo("mill");
        assertThat(prediction.best().score()).isLessThanOrEqualTo(1).isCloseTo(1, within(FLOAT_ROUNDING));
    }

    @Test
    void letsNoWindowShoutThatSaysAsMuchForNoAnswer() {
        // The second window is far louder, for its words and for [CLS] alike.
        AnswerOptions options =
                AnswerOptions.defaults().withMaxSequenceLength(20).withDocStride(0);
        Prediction prediction = decode("a b c d e mill g h i j k l m n o p q reed s t", options, logits -> {
            boolean loud = first(logits.window) > 0;
            logits.start[0] = loud ? 30 : 0;
            logits.end[0] = loud ? 30 : 0;
            logits.each("mill", 9);
            logits.each("reed", 33);
        });
        assertThat(prediction.best().text()).isEqualTo("mill");
    }

    @Test
    void makesNoAnswerLikelyOverAnyNumberOfWindowsThatAllSayIt() {
        String context = "a b c d e f g h i j ".repeat(100);
        AnswerOptions options =
                AnswerOptions.defaults().withMaxSequenceLength(20).withHandleImpossibleAnswer(true);
        Prediction prediction = decode(context, options, logits -> {
            logits.start[0] = 20;
            logits.end[0] = 20;
        });
        assertThat(prediction.windows()).isGreaterThan(50);
        assertThat(prediction.best().isEmpty()).isTrue();
        assertThat(prediction.noAnswerScore()).isCloseTo(1, within(1e-4));
    }

    @Test
    void leavesOutWhatOverlapsABetterAnswerUnlessAskedForIt() {
        Decoding overlapping = logits -> {
            logits.start("two", 9);
            logits.end("two", 9);
            logits.end("six", 8);
            logits.start("ten", 6);
            logits.end("ten", 6);
        };
        AnswerOptions options = AnswerOptions.defaults().withTopK(2);
        assertThat(texts(decode("one two six ten", options, overlapping))).containsExactly("two", "ten");
        assertThat(texts(decode("one two six ten", options.withOverlappingAnswers(true), overlapping)))
                .containsExactly("two", "two six");
    }

    @Test
    void givesAnswersThatTouchEachOther() {
        Prediction prediction = decode(
                "abcdefgh", AnswerOptions.defaults().withAlignToWords(false).withTopK(2), logits -> {
                    logits.start("abcd", 9);
                    logits.end("abcd", 9);
                    logits.start("efgh", 8);
                    logits.end("efgh", 8);
                });
        assertThat(texts(prediction)).containsExactly("abcd", "efgh");
    }

    @Test
    void prefersAnAnswerToNoneWhereBothAreAsLikely() {
        AnswerOptions options =
                AnswerOptions.defaults().withHandleImpossibleAnswer(true).withTopK(2);
        Prediction prediction = decode("one", options, logits -> {});
        assertThat(prediction.answers()).containsExactly(new Answer("one", 0, 3, 0.25), Answer.none(0.25));
    }

    /** The likeliest span of all is a comma, which is no answer, and the second best stands beside it. */
    @Test
    void findsTheNextBestSpanWhereTheBestSaysNothing() {
        String context = ", mill reed";
        TokenizedText tokens =
                new TokenizedText(new int[] {3, 4, 5}, new int[] {0, 2, 7}, new int[] {1, 6, 11}, new int[] {0, 1, 2});
        SpanScores scores = SpanScores.of(List.of(
                new Reading(0, new double[] {9, 5}, new double[] {9, 5}),
                new Reading(2, new double[] {3}, new double[] {3})));
        AnswerOptions options = AnswerOptions.defaults().withMaxAnswerLength(1);
        for (boolean align : new boolean[] {true, false}) {
            assertThat(new SpanDecoder(context, tokens, options.withAlignToWords(align), scores).answers())
                    .extracting(Answer::text)
                    .containsExactly("mill");
        }
    }

    private static List<String> texts(Prediction prediction) {
        return prediction.answers().stream().map(Answer::text).toList();
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
    @ValueSource(booleans = {true, false})
    void givesTopKAnswersWheneverThatManyExistWithoutDuplicates(boolean align) {
        // The same few sentences again and again: most of the best spans of a window are copies of each other's.
        String context = "Bees tell where flowers are. Bees see flowers. ".repeat(60);
        AnswerOptions options = AnswerOptions.defaults()
                .withAlignToWords(align)
                .withMaxSequenceLength(64)
                .withMaxAnswerLength(8);
        for (AnswerOptions variant : List.of(options, options.withOverlappingAnswers(true))) {
            List<Answer> all = randomAnswers(context, variant.withTopK(AnswerOptions.MAX_TOP_K));
            for (int topK : new int[] {1, 2, 5, 20, 100, 1000}) {
                assertThat(randomAnswers(context, variant.withTopK(topK)))
                        .isEqualTo(all.subList(0, Math.min(topK, all.size())));
            }
            assertThat(all.stream().map(answer -> answer.text().toLowerCase(Locale.ROOT)))
                    .doesNotHaveDuplicates();
            all.forEach(answer ->
                    assertThat(context.substring(answer.start(), answer.end())).isEqualTo(answer.text()));
        }
        assertThat(randomAnswers(context, options.withOverlappingAnswers(true).withTopK(AnswerOptions.MAX_TOP_K)))
                .hasSize(distinctSpans(context, options));
    }

    private List<Answer> randomAnswers(String context, AnswerOptions options) {
        Random random = new Random(3);
        return decode(context, options, logits -> logits.random(random)).answers();
    }

    private int distinctSpans(String context, AnswerOptions options) {
        List<WindowLogits> windows = new ArrayList<>();
        decode(context, options, windows::add);
        return (int) new ExhaustiveSearch(context, windows, options)
                .all().stream()
                        .map(answer -> answer.text().toLowerCase(Locale.ROOT))
                        .distinct()
                        .count();
    }

    @Test
    void agreesWithAnExhaustiveSearchOverAllSpans() {
        Random random = new Random(5);
        for (int round = 0; round < 400; round++) {
            StringBuilder context = new StringBuilder();
            int words = 1 + random.nextInt(60);
            int vocabulary = round % 2 == 0 ? 5 : 100_000;
            for (int i = 0; i < words; i++) {
                context.append(Integer.toString(random.nextInt(vocabulary) + 7, 36))
                        .append(i % 3 == 0 ? ", " : " ");
            }
            AnswerOptions options = AnswerOptions.defaults()
                    .withTopK(1 + random.nextInt(random.nextBoolean() ? 3 : 1000))
                    .withMaxAnswerLength(1 + random.nextInt(20))
                    .withMaxSequenceLength(8 + random.nextInt(30))
                    .withDocStride(random.nextInt(8))
                    .withAlignToWords(random.nextBoolean())
                    .withOverlappingAnswers(random.nextBoolean());
            List<WindowLogits> windows = new ArrayList<>();
            Prediction prediction = decode(context.toString(), options, logits -> {
                logits.random(random);
                windows.add(logits);
            });
            ExhaustiveSearch search = new ExhaustiveSearch(context.toString(), windows, options);
            List<Answer> expected = search.best();
            assertThat(prediction.answers()).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                Answer answer = prediction.answers().get(i);
                assertThat(answer.text()).isEqualTo(expected.get(i).text());
                assertThat(answer.start()).isEqualTo(expected.get(i).start());
                assertThat(answer.score()).isCloseTo(expected.get(i).score(), within(FLOAT_ROUNDING));
            }
            assertThat(prediction.noAnswerScore()).isCloseTo(search.noAnswer(), within(FLOAT_ROUNDING));
        }
    }

    private Prediction decode(String context, AnswerOptions options, Decoding decoding) {
        TokenizedText tokens = tokenizer.tokenize(context);
        List<Window> windows =
                Window.cover(question, tokens, new Window.Stretch(0, tokens.size()), tokenizer, 512, options);
        List<Reading> readings = new ArrayList<>();
        for (Window window : windows) {
            WindowLogits logits = new WindowLogits(context, tokens, window);
            decoding.fill(logits);
            readings.add(Reading.of(window, logits.start, logits.end, 0));
        }
        SpanDecoder decoder = new SpanDecoder(context, tokens, options, SpanScores.of(readings));
        return Prediction.of(decoder.answers(), decoder.noAnswerScore()).withWindows(windows.size());
    }

    private static int first(Window window) {
        return window.stretch().first();
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
                    return window.contextStart() + i - first(window);
                }
            }
            throw new AssertionError("no token " + token);
        }

        /** Both logits, wherever the token stands in this window. */
        void each(String token, float logit) {
            for (int i = 0; i < window.stretch().tokens(); i++) {
                int number = first(window) + i;
                if (context.substring(tokens.starts()[number], tokens.ends()[number])
                        .equals(token)) {
                    start[window.contextStart() + i] = logit;
                    end[window.contextStart() + i] = logit;
                }
            }
        }

        void random(Random random) {
            for (int i = 0; i < start.length; i++) {
                start[i] = (float) random.nextGaussian() * 3;
                end[i] = (float) random.nextGaussian() * 3;
            }
        }
    }

    /** All spans and answers by the definition alone. */
    private static final class ExhaustiveSearch {
        private final String context;
        private final List<WindowLogits> windows;
        private final AnswerOptions options;
        private final TokenizedText tokens;
        private final double starts;
        private final double ends;

        private record Span(int window, int first, int last, double score, Answer answer) {}

        ExhaustiveSearch(String context, List<WindowLogits> windows, AnswerOptions options) {
            this.context = context;
            this.windows = windows;
            this.options = options;
            this.tokens = windows.get(0).tokens;
            double startSum = 1;
            double endSum = 1;
            for (int token = 0; token < tokens.size(); token++) {
                startSum += Math.exp(start(windowOf(token), token));
                endSum += Math.exp(end(windowOf(token), token));
            }
            starts = startSum;
            ends = endSum;
        }

        double noAnswer() {
            return 1 / (starts * ends);
        }

        private double start(int window, int token) {
            WindowLogits logits = windows.get(window);
            return (double) logits.start[logits.window.contextStart() + token - first(logits.window)] - logits.start[0];
        }

        private double end(int window, int token) {
            WindowLogits logits = windows.get(window);
            return (double) logits.end[logits.window.contextStart() + token - first(logits.window)] - logits.end[0];
        }

        private int windowOf(int token) {
            int best = -1;
            int most = -1;
            for (int i = 0; i < windows.size(); i++) {
                Window.Stretch stretch = windows.get(i).window.stretch();
                int shorterSide = Math.min(token - stretch.first(), stretch.end() - 1 - token);
                if (shorterSide > most) {
                    most = shorterSide;
                    best = i;
                }
            }
            return best;
        }

        private List<Span> spans() {
            List<Span> spans = new ArrayList<>();
            for (int a = 0; a < tokens.size(); a++) {
                int window = windowOf(a);
                int limit = windows.get(window).window.stretch().end();
                for (int b = a; b < limit && b < a + options.maxAnswerLength(); b++) {
                    double score = Math.exp(start(window, a) + end(window, b)) / (starts * ends);
                    spans.add(new Span(window, a, b, score, answer(a, b, score)));
                }
            }
            spans.sort(Comparator.comparingDouble(Span::score)
                    .reversed()
                    .thenComparingInt(Span::first)
                    .thenComparingInt(Span::last));
            return spans;
        }

        private Answer answer(int a, int b, double score) {
            int from = tokens.starts()[a];
            int to = tokens.ends()[b];
            if (options.alignToWords()) {
                while (from > 0 && Character.isLetterOrDigit(context.charAt(from - 1))) {
                    from--;
                }
                while (to < context.length() && Character.isLetterOrDigit(context.charAt(to))) {
                    to++;
                }
            }
            return new Answer(context.substring(from, to), from, to, score);
        }

        /** An answer for each text, the best first. */
        List<Answer> all() {
            List<Span> spans = spans();
            List<Span> likeliest = spans.stream()
                    .collect(Collectors.toMap(
                            span -> span.answer().text(), span -> span, (first, other) -> first, LinkedHashMap::new))
                    .values()
                    .stream()
                    .toList();
            List<Answer> answers = new ArrayList<>();
            for (Span span : likeliest) {
                Answer answer = span.answer();
                double sum = spans.stream()
                        .filter(other -> other.window() == span.window())
                        .limit(options.alignToWords() ? 12 : 1)
                        .filter(other -> other.answer().text().equals(answer.text()))
                        .mapToDouble(Span::score)
                        .sum();
                double score = Math.min(1, sum == 0 ? span.score() : sum);
                answers.add(new Answer(answer.text(), answer.start(), answer.end(), score));
            }
            answers.sort(Comparator.comparingDouble(Answer::score).reversed());
            return answers;
        }

        List<Answer> best() {
            List<Answer> best = new ArrayList<>();
            for (Answer answer : all()) {
                boolean overlaps = best.stream()
                        .anyMatch(better -> answer.start() < better.end() && better.start() < answer.end());
                if (best.size() < options.topK() && (options.overlappingAnswers() || !overlaps)) {
                    best.add(answer);
                }
            }
            return best;
        }
    }
}
