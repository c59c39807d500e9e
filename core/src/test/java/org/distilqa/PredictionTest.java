package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionTest {
    private static final Answer ADA = new Answer("Ada", 0, 3, 0.75);

    @Test
    void canBeMadeUpForATest() {
        Prediction prediction = Prediction.of(List.of(ADA, Answer.none(0.25)), 0.25);
        assertThat(prediction.best()).isEqualTo(ADA);
        assertThat(prediction.answers()).containsExactly(ADA, Answer.none(0.25));
        assertThat(prediction.noAnswerScore()).isEqualTo(0.25);
        assertThat(prediction.windows()).isZero();
        assertThat(prediction.questionCut()).isFalse();
        Prediction cut = prediction.withWindows(2).withQuestionCut(true);
        assertThat(cut.windows()).isEqualTo(2);
        assertThat(cut.questionCut()).isTrue();
        assertThat(cut.answers()).isEqualTo(prediction.answers());
        assertThat(cut.noAnswerScore()).isEqualTo(0.25);
    }

    @Test
    void isEqualToAnotherOfTheSameParts() {
        Prediction prediction = Prediction.of(List.of(ADA), 0.25);
        assertThat(Prediction.of(List.of(ADA), 0.25)).isEqualTo(prediction).hasSameHashCodeAs(prediction);
        assertThat(Prediction.of(List.of(Answer.none(0.75)), 0.25)).isNotEqualTo(prediction);
        assertThat(Prediction.of(List.of(ADA), 0.5)).isNotEqualTo(prediction);
        assertThat(prediction.withWindows(1)).isNotEqualTo(prediction);
        assertThat(prediction.withQuestionCut(true)).isNotEqualTo(prediction);
        assertThat(prediction.withWindows(3))
                .hasToString("Prediction{answers=[" + ADA + "], noAnswerScore=0.25, windows=3, questionCut=false}");
    }

    @Test
    void keepsItsAnswersWhenTheListIsChanged() {
        List<Answer> answers = new ArrayList<>(List.of(ADA));
        Prediction prediction = Prediction.of(answers, 0);
        answers.clear();
        assertThat(prediction.answers()).containsExactly(ADA);
    }

    @Test
    void refusesToHaveNoAnswers() {
        assertThatThrownBy(() -> Prediction.of(List.of(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are no answers");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesAScoreThatIsNoProbability(double score) {
        assertThatThrownBy(() -> Prediction.of(List.of(ADA), score))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("noAnswerScore is " + score + "; it must be from 0 to 1");
    }

    @Test
    void refusesANegativeNumberOfWindows() {
        assertThatThrownBy(() -> Prediction.of(List.of(ADA), 0).withWindows(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("windows is -1; it must be at least 0");
    }
}
