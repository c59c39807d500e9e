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
        AnswerOptions.requireRange(REQUESTS, maxRequests, 1, Integer.MAX_VALUE);
        AnswerOptions.requireRange(CONTEXT, maxContextLength, 1, Integer.MAX_VALUE);
        AnswerOptions.requireRange(QUESTION, maxQuestionLength, 1, Integer.MAX_VALUE);
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
     * Checks requests that come together.
     *
     * @throws InvalidRequestException if one is too long, or they are too many; it names the limit and how to raise it
     */
    void check(List<QuestionRequest> requests) {
        if (requests.size() > maxRequests) {
            throw new InvalidRequestException("there are " + requests.size() + " requests; " + REQUESTS + " is "
                    + maxRequests + ". Give them in parts, or raise it: " + call(REQUESTS, requests.size()));
        }
        for (int i = 0; i < requests.size(); i++) {
            String of = requests.size() == 1 ? "" : " of request " + i;
            check("context" + of, requests.get(i).context(), CONTEXT, maxContextLength);
            check("question" + of, requests.get(i).question(), QUESTION, maxQuestionLength);
        }
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
