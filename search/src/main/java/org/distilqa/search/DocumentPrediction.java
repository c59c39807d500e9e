package org.distilqa.search;

import java.util.List;
import java.util.Optional;

/**
 * What a collection says to a question.
 *
 * @param answers the answers, the best first, at most {@code topK}. Empty if no passage shares a word with the question, and if "there
 *     is no answer" competes and is likelier than all
 * @param noAnswerScore how sure the model is that no passage holds an answer, from 0 to 1; 1 if there was none to read
 * @param passages how many passages were read
 * @param windows how many windows the network read
 */
public record DocumentPrediction(List<DocumentAnswer> answers, double noAnswerScore, int passages, int windows) {
    /**
     * Copies the answers.
     *
     * @param answers the answers, the best first
     * @param noAnswerScore how sure the model is that there is none
     * @param passages how many passages were read
     * @param windows how many windows the network read
     */
    public DocumentPrediction {
        answers = List.copyOf(answers);
    }

    /**
     * The best answer.
     *
     * @return the first answer; empty if there is none
     */
    public Optional<DocumentAnswer> best() {
        return answers.stream().findFirst();
    }
}
