package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;
import org.junit.jupiter.api.Test;

/** An answerer of a user's own, as for tests of an application: it says how one request is answered, and has all the rest. */
class QuestionAnswererByHandTest {
    private static final QuestionRequest GOOD = QuestionRequest.of("who", "Ada did it");
    private static final QuestionRequest BAD = QuestionRequest.of("what", "Ada did it");
    private static final Prediction ADA = Prediction.of(List.of(new Answer("Ada", 0, 3, 1)), 0);
    private static final InvalidRequestException REFUSAL = new InvalidRequestException("not so", new Exception("why"));

    /** Answers one question, and refuses another. */
    private static final class ByHand implements QuestionAnswerer {
        @Override
        public CompletableFuture<Prediction> predictAsync(QuestionRequest request) {
            return request.question().equals("who")
                    ? CompletableFuture.completedFuture(ADA)
                    : CompletableFuture.failedFuture(REFUSAL);
        }

        @Override
        public List<DeviceInfo> devices() {
            return List.of(new DeviceInfo("hand", "by hand", 1, Map.of("fingers", "5")));
        }

        @Override
        public Availability availability() {
            return Availability.available("always");
        }

        @Override
        public Statistics statistics() {
            return Statistics.none().withRequests(End.ANSWERED, 2).withReading(3, 400, 1);
        }

        @Override
        public void close() {}
    }

    private final QuestionAnswerer answerer = new ByHand();

    @Test
    void answersOneRequestInEveryForm() throws Exception {
        assertThat(answerer.predict(GOOD)).isEqualTo(ADA);
        assertThat(answerer.answer("who", "Ada did it")).isEqualTo(ADA.best());
        assertThat(answerer.answer(GOOD)).isEqualTo(ADA.answers());
        assertThat(answerer.answerAsync(GOOD).get()).isEqualTo(ADA.answers());
        assertThat(answerer.device()).hasToString("hand: by hand {fingers=5}");
        assertThat(answerer.statistics().questions()).isEqualTo(2);
        assertThatThrownBy(() -> answerer.answer(BAD)).isSameAs(REFUSAL);
    }

    @Test
    void answersManyRequestsInTheirOrderAndKeepsTheFailureOfEachWhereThatIsAskedFor() {
        assertThat(answerer.predictAll(List.of(GOOD, GOOD))).containsExactly(ADA, ADA);
        assertThat(answerer.answerAll(List.of(GOOD))).containsExactly(ADA.answers());
        assertThatThrownBy(() -> answerer.predictAll(List.of(GOOD, BAD))).isSameAs(REFUSAL);
        List<Outcome> outcomes = answerer.answerAllOutcomes(List.of(GOOD, BAD, GOOD));
        assertThat(outcomes).extracting(Outcome::isAnswered).containsExactly(true, false, true);
        assertThat(outcomes.get(0)).hasToString(GOOD + ": " + ADA);
        assertThat(outcomes.get(1)).hasToString(BAD + " failed: not so");
        assertThat(outcomes.get(1).failure()).containsSame(REFUSAL);
    }

    @Test
    void answersAStreamOneByOneAndClosesIt() {
        boolean[] closed = new boolean[1];
        try (Stream<Outcome> outcomes =
                answerer.answerStream(Stream.of(BAD, GOOD).onClose(() -> closed[0] = true))) {
            assertThat(outcomes.map(Outcome::isAnswered)).containsExactly(false, true);
        }
        assertThat(closed[0]).isTrue();
    }

    /** What ends a request otherwise than by an answer, in the exceptions of DistilQA. */
    @Test
    void tellsOfARequestThatSomebodyCancelledOrThatEndedInAnException() {
        CompletableFuture<Prediction> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        assertThatThrownBy(() -> answererOf(cancelled).predict(GOOD))
                .isInstanceOf(QuestionAnsweringException.class)
                .hasMessage("the request was cancelled");
        CompletableFuture<Prediction> broken = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        assertThatThrownBy(() -> answererOf(broken).predict(GOOD))
                .isInstanceOf(QuestionAnsweringException.class)
                .hasMessage("answering failed: java.lang.IllegalStateException: broken")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(answererOf(broken).answerAllOutcomes(List.of(GOOD)).get(0).isAnswered())
                .isFalse();
        Thread.currentThread().interrupt();
        CompletableFuture<Prediction> never = new CompletableFuture<>();
        assertThatThrownBy(() -> answererOf(never).answerAllOutcomes(List.of(GOOD)))
                .isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(never).isCancelled();
    }

    private static QuestionAnswerer answererOf(CompletableFuture<Prediction> prediction) {
        return new QuestionAnswerer() {
            @Override
            public CompletableFuture<Prediction> predictAsync(QuestionRequest request) {
                return prediction;
            }

            @Override
            public List<DeviceInfo> devices() {
                return List.of();
            }

            @Override
            public Availability availability() {
                return Availability.unavailable("never");
            }

            @Override
            public Statistics statistics() {
                throw new AssertionError("not asked here");
            }

            @Override
            public void close() {}
        };
    }
}
