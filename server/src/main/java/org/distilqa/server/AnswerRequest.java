package org.distilqa.server;

import java.time.Duration;
import org.distilqa.QuestionRequest;

/**
 * What a caller posts to {@code /answer}.
 *
 * @param question the question
 * @param context the text that may hold its answer
 * @param topK how many answers; null for one
 * @param handleImpossibleAnswer whether "there is no answer" competes; null for no
 * @param timeoutMillis how long the caller wants to wait; null for as long as the server lets him
 */
record AnswerRequest(
        String question, String context, Integer topK, Boolean handleImpossibleAnswer, Long timeoutMillis) {

    QuestionRequest toRequest(Duration longest) {
        QuestionRequest request = QuestionRequest.of(question, context)
                .withHandleImpossibleAnswer(Boolean.TRUE.equals(handleImpossibleAnswer));
        if (topK != null) {
            request = request.withTopK(topK);
        }
        return request.withDeadline(deadline(timeoutMillis, longest));
    }

    /** The shorter of what the caller wants and what the server allows. */
    static Duration deadline(Long wantedMillis, Duration longest) {
        Duration wanted = wantedMillis == null ? longest : Duration.ofMillis(wantedMillis);
        return wanted.compareTo(longest) < 0 ? wanted : longest;
    }
}
