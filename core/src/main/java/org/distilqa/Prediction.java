package org.distilqa;

import java.util.List;

/**
 * All that was found out about one request.
 *
 * @param answers the answers, the best first: at least one, at most {@code topK}; a single empty one with score 0 if no
 *     token of the context can be an answer
 * @param noAnswerScore how sure the model is that the context holds no answer: the probability, over the whole context, that
 *     the answer starts and ends at {@code [CLS]}, from 0 to 1; 0 if the context has no token. Reported whether or not it
 *     competed with the spans
 * @param windows how many windows the network read, those of a second reading among them
 * @param questionCut whether the question was longer than {@code maxQuestionLength}, so that its end was not read
 */
public record Prediction(List<Answer> answers, double noAnswerScore, int windows, boolean questionCut) {

    /**
     * Copies the answers.
     *
     * @param answers the answers
     * @param noAnswerScore how sure the model is that the context holds no answer
     * @param windows how many windows the network read
     * @param questionCut whether the end of the question was not read
     */
    public Prediction {
        answers = List.copyOf(answers);
    }

    /**
     * The best answer.
     *
     * @return the first answer
     */
    public Answer best() {
        return answers.get(0);
    }
}
