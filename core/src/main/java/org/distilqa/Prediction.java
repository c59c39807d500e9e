package org.distilqa;

import java.util.List;
import java.util.Objects;

/** All that was found out about one request. Immutable; {@code with...} methods give a changed copy. */
public final class Prediction {
    private final List<Answer> answers;
    private final double noAnswerScore;
    private final int windows;
    private final boolean questionCut;

    private Prediction(List<Answer> answers, double noAnswerScore, int windows, boolean questionCut) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("there are no answers; one that is empty says that there is none");
        }
        if (!(noAnswerScore >= 0 && noAnswerScore <= 1)) {
            throw new IllegalArgumentException("noAnswerScore is " + noAnswerScore + "; it must be from 0 to 1");
        }
        if (windows < 0) {
            throw new IllegalArgumentException("windows is " + windows + "; it must be at least 0");
        }
        this.answers = List.copyOf(answers);
        this.noAnswerScore = noAnswerScore;
        this.windows = windows;
        this.questionCut = questionCut;
    }

    /**
     * A prediction for which no window was read and no question cut, such as one that a test makes up.
     *
     * @param answers the answers, the best first; copied
     * @param noAnswerScore how sure it is that the context holds no answer, from 0 to 1
     * @return the prediction
     * @throws IllegalArgumentException if there are no answers ({@link Answer#none} says that there is none), or the score is not
     *     from 0 to 1
     */
    public static Prediction of(List<Answer> answers, double noAnswerScore) {
        return new Prediction(answers, noAnswerScore, 0, false);
    }

    /**
     * The answers, the best first.
     *
     * @return at least one, at most {@code topK}; a single empty one with score 0 if no token of the context can be an answer
     */
    public List<Answer> answers() {
        return answers;
    }

    /**
     * The best answer.
     *
     * @return the first answer
     */
    public Answer best() {
        return answers.get(0);
    }

    /**
     * How sure the model is that the context holds no answer: the probability, over the whole context, that the answer starts
     * and ends at {@code [CLS]}. Reported whether or not it competed with the spans.
     *
     * @return from 0 to 1; 0 if the context has no token
     */
    public double noAnswerScore() {
        return noAnswerScore;
    }

    /**
     * How many windows the network read, those of a second reading among them.
     *
     * @return at least 0
     */
    public int windows() {
        return windows;
    }

    /**
     * Whether the question was longer than {@code maxQuestionLength}, so that its end was not read.
     *
     * @return whether it was
     */
    public boolean questionCut() {
        return questionCut;
    }

    /**
     * This prediction with another number of windows.
     *
     * @param windows how many the network read
     * @return a new prediction
     * @throws IllegalArgumentException if it is negative
     */
    public Prediction withWindows(int windows) {
        return new Prediction(answers, noAnswerScore, windows, questionCut);
    }

    /**
     * This prediction for a question that was cut or not.
     *
     * @param questionCut whether its end was not read
     * @return a new prediction
     */
    public Prediction withQuestionCut(boolean questionCut) {
        return new Prediction(answers, noAnswerScore, windows, questionCut);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Prediction prediction
                && answers.equals(prediction.answers)
                && Double.compare(noAnswerScore, prediction.noAnswerScore) == 0
                && windows == prediction.windows
                && questionCut == prediction.questionCut;
    }

    @Override
    public int hashCode() {
        return Objects.hash(answers, noAnswerScore, windows, questionCut);
    }

    @Override
    public String toString() {
        return "Prediction{answers=" + answers + ", noAnswerScore=" + noAnswerScore + ", windows=" + windows
                + ", questionCut=" + questionCut + "}";
    }
}
