package org.distilqa;

import java.util.List;

/**
 * What is refused before anything is computed, because it would take a service down: it would hold the device for hours, or the
 * memory for good.
 *
 * @param maxRequests how many requests are taken at once
 * @param maxContextLength the longest context, in UTF-16 units
 * @param maxQuestionLength the longest question, in UTF-16 units
 */
record RequestLimits(int maxRequests, int maxContextLength, int maxQuestionLength) {
    /** A book has some 500,000 to 2,000,000 characters. */
    static final RequestLimits DEFAULT = new RequestLimits(100_000, 10_000_000, 100_000);

    private static final String REQUESTS = "maxRequests";
    private static final String CONTEXT = "maxContextLength";
    private static final String QUESTION = "maxQuestionLength";

    RequestLimits {
        requireSetting(REQUESTS, maxRequests, 1, Integer.MAX_VALUE);
        requireSetting(CONTEXT, maxContextLength, 1, Integer.MAX_VALUE);
        requireSetting(QUESTION, maxQuestionLength, 1, Integer.MAX_VALUE);
    }

    /** Refuses a setting of the builder that is out of its range. */
    static int requireSetting(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidConfigurationException(
                    name + " is " + value + "; it must be from " + least + " to " + most);
        }
        return value;
    }

    RequestLimits withMaxRequests(int requests) {
        return new RequestLimits(requests, maxContextLength, maxQuestionLength);
    }

    RequestLimits withMaxContextLength(int characters) {
        return new RequestLimits(maxRequests, characters, maxQuestionLength);
    }

    RequestLimits withMaxQuestionLength(int characters) {
        return new RequestLimits(maxRequests, maxContextLength, characters);
    }

    /**
     * Checks how many requests come together.
     *
     * @throws InvalidRequestException if they are too many; it names the limit and how to raise it
     */
    void checkNumber(int requests) {
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
     * @throws InvalidRequestException if one is too long; it says which
     */
    void check(List<QuestionRequest> requests) {
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
