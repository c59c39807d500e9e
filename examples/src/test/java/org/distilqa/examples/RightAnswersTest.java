package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.distilqa.Answer;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that were wrong once, with a checkpoint that was trained. */
class RightAnswersTest {
    private static final String QUESTION = "Who built the mill?";

    private static QuestionAnswerer answerer;

    @BeforeAll
    static void open() {
        answerer = QuestionAnswerer.builder().model(SharedFiles.encoder()).build();
    }

    @AfterAll
    static void close() {
        if (answerer != null) {
            answerer.close();
        }
    }

    private static QuestionRequest whoBuiltTheMill(String faultCase, String file) throws IOException {
        return QuestionRequest.of(
                QUESTION, Files.readString(SharedFiles.faultCase(faultCase).resolve(file)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsOnceWhatTwoWindowsRead(boolean secondReading) throws IOException {
        List<Answer> answers = answerer.answer(whoBuiltTheMill("01-overlap-counted-twice", "context.txt")
                .withMaxSequenceLength(256)
                .withTopK(2)
                .withSecondReading(secondReading));
        assertThat(answers.get(0).text()).isEqualTo("Ben Orr");
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer.score()).isBetween(0.0, 1.0));
    }

    @Test
    void doesNotEndBeforeTheAccentOfALetter() throws IOException {
        Answer answer = answerer.answer(whoBuiltTheMill("02-combining-marks", "nfd.txt"))
                .get(0);
        assertThat(answer.text()).isEqualTo("Ada Quille\u0301");
        for (boolean align : new boolean[] {true, false}) {
            QuestionRequest request = whoBuiltTheMill("02-combining-marks", "nfd.txt")
                    .withAlignToWords(align)
                    .withTopK(20);
            assertThat(answerer.answer(request))
                    .anyMatch(some -> some.text().contains("Quille\u0301"))
                    .noneMatch(some -> some.text().endsWith("e") && some.text().contains("Quill"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void prefersTheOnePlaceThatAnswersToANameThatStandsEverywhere(boolean secondReading) throws IOException {
        Prediction prediction = answerer.predict(
                whoBuiltTheMill("23-summed-over-the-document", "context.txt").withSecondReading(secondReading));
        assertThat(prediction.best().text()).isEqualTo("Ada Quill");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void placesAnAnswerWhereTheTextAnswers(boolean secondReading) throws IOException {
        Answer answer = answerer.answer(whoBuiltTheMill("24-place-of-the-first-occurrence", "context.txt")
                        .withSecondReading(secondReading))
                .get(0);
        assertThat(answer.text()).isEqualTo("Ada Quill");
        assertThat(answer.start()).isEqualTo(2883);
        assertThat(answer.end()).isEqualTo(2892);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The server reads server.conf when it starts. | What does the server read? | server.conf",
                "The lowest temperature was -40 degrees. | What was the lowest temperature? | -40 degrees",
                "A long press (>3 seconds) switches the lamp off. | How long must one press? | >3 seconds",
                "Humidity  <95%, non-condensing | What humidity is allowed? | <95%",
                "Write to ada.quill@example.org for help. | Whom does one write to for help? | ada.quill@example.org"
            })
    void doesNotCutAValue(String context, String question, String expected) {
        assertThat(answerer.answer(question, context).text()).isEqualTo(expected);
    }

    @Test
    void givesAlternativesThatDoNotOverlap() {
        QuestionRequest request = QuestionRequest.of(
                        QUESTION, "The mill was built by Ada Quill of Dunmore in 1912 and sold to Ben Orr.")
                .withTopK(3);
        List<Answer> answers = answerer.answer(request);
        assertThat(answers).hasSize(3);
        for (Answer answer : answers) {
            assertThat(answers)
                    .filteredOn(other -> !other.equals(answer))
                    .noneMatch(other -> other.start() < answer.end() && answer.start() < other.end());
        }
        assertThat(answerer.answer(request.withOverlappingAnswers(true)))
                .hasSize(3)
                .allSatisfy(answer -> assertThat(answer.text()).contains("Ada Quill"));
    }

    @Test
    void saysThatAQuestionWasCut() {
        String preamble = "Please be so kind as to consider the following text with care, ".repeat(6);
        QuestionRequest request = QuestionRequest.of(preamble + QUESTION, "The mill was built by Ada Quill in 1912.");
        assertThat(answerer.predict(request).questionCut()).isTrue();
        assertThat(answerer.predict(request.withMaxQuestionLength(200)).questionCut())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The o\ufb03cer of the \ufb01re brigade is Ada Quill. The clerk of the fire brigade is Tom Reed.",
                "The offi\u00adcer of the fire bri\u200bgade is Ada Quill. The clerk of the fire brigade is Tom Reed.",
                "The offi-\ncer of the fire brig- \r\nade is Ada Quill. The clerk of the fire brigade is Tom Reed."
            })
    void readsTextsOutOfPdfsAsTheirWords(String context) {
        String plain = "The officer of the fire brigade is Ada Quill. The clerk of the fire brigade is Tom Reed.";
        String question = "Who is the officer?";
        Answer answer = answerer.answer(question, context);
        assertThat(answer.text()).isEqualTo("Ada Quill");
        assertThat(answer.start()).isEqualTo(context.indexOf("Ada Quill"));
        // The network reads the same tokens, so the score is the same but for a device's rounding.
        assertThat(answer.score()).isCloseTo(answerer.answer(question, plain).score(), within(1e-6));
        assertThat(answerer.answer("Who is the o\ufb03\u00adcer?", plain).score())
                .isCloseTo(answerer.answer(question, plain).score(), within(1e-6));
    }

    @Test
    void readsASeparatorInATextAsItsCharacters() {
        String context = "The mill [SEP] was built by Ada Quill in 1912. [CLS] The lamp was built by Tom Reed.";
        Answer answer = answerer.answer("Who built the mill [SEP]?", context);
        assertThat(answer.text()).isEqualTo("Ada Quill");
        assertThat(answer.start()).isEqualTo(context.indexOf("Ada Quill"));
    }
}
