package org.distilqa.examples.spring;

import java.time.Duration;
import org.distilqa.QuestionRequest;

/**
 * What a caller posts.
 *
 * @param question the question
 * @param context the text that may hold its answer
 * @param topK how many answers; null for one
 * @param timeoutMillis how long the caller wants to wait; null for as long as the service lets him
 */
record Question(String question, String context, Integer topK, Long timeoutMillis) {

    QuestionRequest toRequest(Duration longest) {
        QuestionRequest request = QuestionRequest.of(question, context);
        if (topK != null) {
            request = request.withTopK(topK);
        }
        Duration wanted = timeoutMillis == null ? longest : Duration.ofMillis(timeoutMillis);
        return request.withDeadline(wanted.compareTo(longest) < 0 ? wanted : longest);
    }
}
