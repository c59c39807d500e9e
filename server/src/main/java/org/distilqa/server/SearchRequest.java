package org.distilqa.server;

import org.distilqa.AnswerOptions;

/**
 * What a caller posts to {@code /search}.
 *
 * @param question the question
 * @param topK how many answers; null for one
 * @param handleImpossibleAnswer whether "there is no answer" competes; null for no
 * @param timeoutMillis how long the caller wants to wait; null for as long as the server lets him
 */
record SearchRequest(String question, Integer topK, Boolean handleImpossibleAnswer, Long timeoutMillis) {

    AnswerOptions options() {
        AnswerOptions options =
                AnswerOptions.defaults().withHandleImpossibleAnswer(Boolean.TRUE.equals(handleImpossibleAnswer));
        return topK == null ? options : options.withTopK(topK);
    }
}
