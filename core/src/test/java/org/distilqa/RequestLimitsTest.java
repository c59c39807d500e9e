package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.distilqa.execution.RequestLimits;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private final FakeDevice device = new FakeDevice();

    @Test
    void refusesAContextThatIsTooLongBeforeAnythingIsComputedAndSaysHowToRaiseTheLimit() {
        QuestionAnswerer answerer = answerer(RequestLimits.DEFAULT.withMaxContextLength(20));
        assertThat(answerer.answer("Which letter?", "Alpha beta gamma del").text())
                .isNotEmpty();
        int runs = device.batchSizes.size();
        assertThatThrownBy(() -> answerer.answer("Which letter?", "Alpha beta gamma delt"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "the context has 21 characters; maxContextLength is 20. Give a part of it, or raise the limit:"
                                + " QuestionAnswerer.builder().maxContextLength(21)");
        assertThat(device.batchSizes).hasSize(runs);
    }

    @Test
    void refusesAQuestionThatIsTooLong() {
        QuestionAnswerer answerer = answerer(RequestLimits.DEFAULT.withMaxQuestionLength(5));
        assertThatThrownBy(() -> answerer.answer("Which letter?", "Alpha"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "the question has 13 characters; maxQuestionLength is 5. Give a part of it, or raise the limit:"
                                + " QuestionAnswerer.builder().maxQuestionLength(13)");
    }

    @Test
    void refusesMoreRequestsAtOnceThanTheLimitAndNamesTheOneThatIsTooLong() {
        QuestionAnswerer answerer =
                answerer(RequestLimits.DEFAULT.withMaxRequests(3).withMaxContextLength(9));
        QuestionRequest request = QuestionRequest.of("Which letter?", "Alpha");
        assertThat(answerer.answerAll(Collections.nCopies(3, request))).hasSize(3);
        assertThatThrownBy(() -> answerer.answerAll(Collections.nCopies(4, request)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("there are 4 requests; maxRequests is 3. Give them in parts or as a stream, or raise it:"
                        + " QuestionAnswerer.builder().maxRequests(4)");
        assertThatThrownBy(
                        () -> answerer.answerAll(List.of(request, QuestionRequest.of("Which letter?", "Alpha beta"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the context of request 1 has 10 characters");
    }

    @Test
    void takesBooksByDefaultAndNothingThatIsLongerThanFiveOfThem() {
        String most = "x".repeat(10_000_000);
        RequestLimits.DEFAULT.check(List.of(QuestionRequest.of("Which letter?", most)));
        assertThatThrownBy(() -> RequestLimits.DEFAULT.check(List.of(QuestionRequest.of("Which letter?", most + "x"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("the context has 10000001 characters; maxContextLength is 10000000.");
    }

    @Test
    void refusesALimitBelowOneInTheBuilder() {
        assertThatThrownBy(() -> QuestionAnswerer.builder().maxContextLength(0))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("maxContextLength is 0; it must be from 1 to 2147483647");
        assertThatThrownBy(() -> QuestionAnswerer.builder().maxQuestionLength(-1))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> QuestionAnswerer.builder().maxRequests(0))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    private QuestionAnswerer answerer(RequestLimits limits) {
        return TestAnswerers.of(device, new WordTokenizer(), 4, limits);
    }
}
