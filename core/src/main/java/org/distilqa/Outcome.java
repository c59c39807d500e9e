package org.distilqa;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What became of one of many requests: its answers, or why there are none. Immutable. */
public final class Outcome {
    private final QuestionRequest request;
    private final Prediction prediction;
    private final QuestionAnsweringException failure;

    private Outcome(QuestionRequest request, Prediction prediction, QuestionAnsweringException failure) {
        this.request = Objects.requireNonNull(request, "request");
        this.prediction = prediction;
        this.failure = failure;
    }

    /**
     * The outcome of a request that was answered.
     *
     * @param request the request
     * @param prediction what was found
     * @return the outcome
     */
    public static Outcome answered(QuestionRequest request, Prediction prediction) {
        return new Outcome(request, Objects.requireNonNull(prediction, "prediction"), null);
    }

    /**
     * The outcome of a request that was not answered.
     *
     * @param request the request
     * @param failure why not
     * @return the outcome
     */
    public static Outcome failed(QuestionRequest request, QuestionAnsweringException failure) {
        return new Outcome(request, null, Objects.requireNonNull(failure, "failure"));
    }

    /**
     * The request.
     *
     * @return the object that was given
     */
    public QuestionRequest request() {
        return request;
    }

    /**
     * Whether it was answered.
     *
     * @return true if there is a prediction, false if there is a failure
     */
    public boolean isAnswered() {
        return prediction != null;
    }

    /**
     * What was found.
     *
     * @return the prediction
     * @throws QuestionAnsweringException the {@link #failure}, if it was not answered
     */
    public Prediction prediction() {
        if (failure != null) {
            throw failure;
        }
        return prediction;
    }

    /**
     * The answers.
     *
     * @return the answers, the best first
     * @throws QuestionAnsweringException the {@link #failure}, if it was not answered
     */
    public List<Answer> answers() {
        return prediction().answers();
    }

    /**
     * Why it was not answered.
     *
     * @return the exception; empty if it was answered
     */
    public Optional<QuestionAnsweringException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return isAnswered() ? request + ": " + prediction : request + " failed: " + failure.getMessage();
    }
}
