package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerOptionsTest {

    @Test
    void hasTheDefaultsOfTheHuggingFacePipeline() {
        AnswerOptions options = AnswerOptions.defaults();
        assertThat(options.topK()).isEqualTo(1);
        assertThat(options.maxAnswerLength()).isEqualTo(15);
        assertThat(options.maxQuestionLength()).isEqualTo(64);
        assertThat(options.handleImpossibleAnswer()).isFalse();
        assertThat(options.alignToWords()).isTrue();
    }

    @Test
    void readsLongContextsTwiceAndGivesAlternativesUnlessToldOtherwise() {
        assertThat(AnswerOptions.defaults().secondReading()).isTrue();
        assertThat(AnswerOptions.defaults().overlappingAnswers()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesATopKOutOfRange(int value) {
        assertRefused(options -> options.withTopK(value), "topK is " + value + "; it must be from 1 to 10000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_001})
    void refusesLengthsOutOfRange(int value) {
        assertRefused(options -> options.withMaxAnswerLength(value), "maxAnswerLength is " + value);
        assertRefused(options -> options.withMaxQuestionLength(value), "maxQuestionLength is " + value);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0, -384})
    void refusesAMaxSequenceLengthWithoutRoomForAnything(int value) {
        assertRefused(options -> options.withMaxSequenceLength(value), "maxSequenceLength is " + value);
    }

    @Test
    void refusesADocStrideThatLeavesNothingOfAWindow() {
        assertRefused(options -> options.withDocStride(-1), "docStride is -1");
        assertRefused(
                options -> options.withMaxSequenceLength(96).withDocStride(96),
                "docStride is 96; it must be from 0 to 95");
        assertRefused(options -> options.withDocStride(200).withMaxSequenceLength(96), "docStride is 200");
        assertThat(AnswerOptions.defaults()
                        .withMaxSequenceLength(96)
                        .withDocStride(95)
                        .docStride())
                .hasValue(95);
    }

    @Test
    void changesOneOptionAndKeepsTheOthers() {
        AnswerOptions options = AnswerOptions.defaults()
                .withTopK(2)
                .withMaxAnswerLength(3)
                .withMaxSequenceLength(40)
                .withDocStride(5)
                .withMaxQuestionLength(6)
                .withHandleImpossibleAnswer(true)
                .withAlignToWords(false)
                .withSecondReading(false)
                .withOverlappingAnswers(true);
        assertThat(options.topK()).isEqualTo(2);
        assertThat(options.maxAnswerLength()).isEqualTo(3);
        assertThat(options.maxSequenceLength()).hasValue(40);
        assertThat(options.docStride()).hasValue(5);
        assertThat(options.maxQuestionLength()).isEqualTo(6);
        assertThat(options.handleImpossibleAnswer()).isTrue();
        assertThat(options.alignToWords()).isFalse();
        assertThat(options.secondReading()).isFalse();
        assertThat(options.overlappingAnswers()).isTrue();
    }

    @Test
    void aRequestTakesEveryOptionAsItsOptionsDo() throws ReflectiveOperationException {
        int changes = 0;
        for (Method change : AnswerOptions.class.getMethods()) {
            if (change.getName().startsWith("with")) {
                changes++;
                Class<?> type = change.getParameterTypes()[0];
                Object value = type == int.class ? (Object) 7 : !defaultOf(change);
                Object options = change.invoke(AnswerOptions.defaults(), value);
                QuestionRequest request = (QuestionRequest) QuestionRequest.class
                        .getMethod(change.getName(), type)
                        .invoke(QuestionRequest.of("q", "c"), value);
                assertThat(request.options())
                        .as(change.getName())
                        .isEqualTo(options)
                        .isNotEqualTo(AnswerOptions.defaults());
            }
        }
        assertThat(changes).isEqualTo(9);
    }

    /** What a switch is when nobody sets it. */
    private static boolean defaultOf(Method change) throws ReflectiveOperationException {
        String name = change.getName().substring("with".length());
        return (boolean) AnswerOptions.class
                .getMethod(Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .invoke(AnswerOptions.defaults());
    }

    @Test
    void showsAndComparesEveryOption() {
        AnswerOptions options = AnswerOptions.defaults();
        List<String> accessors = Arrays.stream(AnswerOptions.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0
                        && !Set.of("hashCode", "toString").contains(method.getName()))
                .map(Method::getName)
                .toList();
        List<String> shown = Pattern.compile("(\\w+)=")
                .matcher(options.toString())
                .results()
                .map(name -> name.group(1))
                .toList();
        assertThat(shown).contains("topK").containsExactlyInAnyOrderElementsOf(accessors);
        List<AnswerOptions> changed = List.of(
                options,
                options.withTopK(2),
                options.withMaxAnswerLength(3),
                options.withMaxSequenceLength(40),
                options.withDocStride(5),
                options.withMaxQuestionLength(6),
                options.withHandleImpossibleAnswer(true),
                options.withAlignToWords(false),
                options.withSecondReading(false),
                options.withOverlappingAnswers(true));
        assertThat(changed).hasSize(1 + accessors.size()).doesNotHaveDuplicates();
        assertThat(changed).extracting(AnswerOptions::hashCode).doesNotHaveDuplicates();
        assertThat(options.withTopK(2).withTopK(1)).isEqualTo(options).hasSameHashCodeAs(options);
    }

    @Test
    void leavesTheOptionsAsTheyWereThatAreChanged() {
        AnswerOptions options = AnswerOptions.defaults().withTopK(3);
        options.withTopK(4).withDocStride(7);
        assertThat(options.topK()).isEqualTo(3);
        assertThat(options.docStride()).isEmpty();
        assertThat(AnswerOptions.defaults().topK()).isEqualTo(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void refusesARequestWithoutAQuestion(String question) {
        assertThatThrownBy(() -> QuestionRequest.of(question, "context"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the question is");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    void refusesARequestWithoutAContext(String context) {
        assertThatThrownBy(() -> QuestionRequest.of("question", context))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the context is");
    }

    @Test
    void refusesARequestWithoutOptionsAndADeadlineThatIsNone() {
        assertThatThrownBy(() -> new QuestionRequest("question", "context", null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the options are null");
        QuestionRequest request = QuestionRequest.of("question", "context");
        assertThat(request.withDeadline(Duration.ofNanos(1)).deadline()).contains(Duration.ofNanos(1));
        for (Duration none : Arrays.asList(null, Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(40_000))) {
            assertThatThrownBy(() -> request.withDeadline(none))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("the deadline is " + none + "; it must be more than zero and at most ");
        }
    }

    private static void assertRefused(Function<AnswerOptions, AnswerOptions> change, String message) {
        assertThatThrownBy(() -> change.apply(AnswerOptions.defaults()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(message);
    }
}
