package org.distilqa.execution;

import java.util.List;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.QuestionRequest;
import org.distilqa.internal.Ranges;

/**
 * What is refused before anything is computed, because it would take a service down: it would hold the device for hours, or the
 * memory for good.
 *
 * @param maxRequests how many requests are taken at once
 * @param maxContextLength the longest context, in UTF-16 units
 * @param maxQuestionLength the longest question, in UTF-16 units
 */
public record RequestLimits(int maxRequests, int maxContextLength, int maxQuestionLength) {
    /** A book has some 500,000 to 2,000,000 characters. */
    public static final RequestLimits DEFAULT = new RequestLimits(100_000, 10_000_000, 100_000);

    private static final String REQUESTS = "maxRequests";
    private static final String CONTEXT = "maxContextLength";
    private static final String QUESTION = "maxQuestionLength";

    /**
     * Checks the limits.
     *
     * @param maxRequests at least 1
     * @param maxContextLength at least 1
     * @param maxQuestionLength at least 1
     * @throws InvalidConfigurationException if one is less
     */
    public RequestLimits {
        requireAtLeastOne(REQUESTS, maxRequests);
        requireAtLeastOne(CONTEXT, maxContextLength);
        requireAtLeastOne(QUESTION, maxQuestionLength);
    }

    private static void requireAtLeastOne(String name, int value) {
        Ranges.require(name, value, 1, Integer.MAX_VALUE, InvalidConfigurationException::new);
    }

    /**
     * These with another number of requests.
     *
     * @param requests at least 1
     * @return new limits
     */
    public RequestLimits withMaxRequests(int requests) {
        return new RequestLimits(requests, maxContextLength, maxQuestionLength);
    }

    /**
     * These with another longest context.
     *
     * @param characters at least 1
     * @return new limits
     */
    public RequestLimits withMaxContextLength(int characters) {
        return new RequestLimits(maxRequests, characters, maxQuestionLength);
    }

    /**
     * These with another longest question.
     *
     * @param characters at least 1
     * @return new limits
     */
    public RequestLimits withMaxQuestionLength(int characters) {
        return new RequestLimits(maxRequests, maxContextLength, characters);
    }

    /**
     * Checks how many requests come together.
     *
     * @param requests how many
     * @throws InvalidRequestException if they are too many; it names the limit and how to raise it
     */
    public void checkNumber(int requests) {
        if (requests > maxRequests) {
            throw new InvalidRequestException("there are " + requests + " requests; " + REQUESTS + " is " + maxRequests
                    + ". Give them in parts or as a stream, or raise it: " + call(REQUESTS, requests));
        }
    }

    /**
     * Checks a request.
     *
     * @throws InvalidRequestException if it is too long; it names the limit and how to raise it
     */
    void check(QuestionRequest request) {
        check(request, "");
    }

    /**
     * Checks requests that come together, before anything of them is computed.
     *
     * @param requests the requests
     * @throws InvalidRequestException if one is too long; it says which
     */
    public void check(List<QuestionRequest> requests) {
        for (int i = 0; i < requests.size(); i++) {
            check(requests.get(i), requests.size() == 1 ? "" : " of request " + i);
        }
    }

    private void check(QuestionRequest request, String of) {
        check("context" + of, request.context(), CONTEXT, maxContextLength);
        check("question" + of, request.question(), QUESTION, maxQuestionLength);
    }

    private static void check(String what, String text, String limit, int most) {
        if (text.length() > most) {
            throw new InvalidRequestException("the " + what + " has " + text.length() + " characters; " + limit + " is "
                    + most + ". Give a part of it, or raise the limit: " + call(limit, text.length()));
        }
    }

    private static String call(String limit, int value) {
        return "QuestionAnswerer.builder()." + limit + "(" + value + ")";
    }
}
