package org.distilqa.search;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.InvalidRequestException;
import org.distilqa.QuestionRequest;

/** Until when a question is to be answered. Immutable. */
final class Deadline {
    /** As of a {@link QuestionRequest}. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Deadline NONE = new Deadline(null, 0);

    /** As the caller gave it; null if there is none. */
    private final Duration given;

    private final long end;

    private Deadline(Duration given, long end) {
        this.given = given;
        this.end = end;
    }

    static Deadline none() {
        return NONE;
    }

    /**
     * From now on.
     *
     * @throws InvalidRequestException if it is null, not more than zero, or more than a hundred years
     */
    static Deadline in(Duration given) {
        if (given == null || given.isNegative() || given.isZero() || given.compareTo(LONGEST) > 0) {
            throw new InvalidRequestException(
                    "the deadline is " + given + "; it must be more than zero and at most " + LONGEST);
        }
        return new Deadline(given, System.nanoTime() + given.toNanos());
    }

    boolean hasPassed() {
        return given != null && left() <= 0;
    }

    private long left() {
        return end - System.nanoTime();
    }

    /**
     * A request with what is left of the time.
     *
     * @throws DeadlineExceededException if nothing is
     */
    QuestionRequest limit(QuestionRequest request) {
        if (given == null) {
            return request;
        }
        long left = left();
        if (left <= 0) {
            throw exceeded(null);
        }
        return request.withDeadline(Duration.ofNanos(left));
    }

    /** What tells of this deadline, and not of what was left of it for the reading. */
    DeadlineExceededException exceeded(Throwable cause) {
        return new DeadlineExceededException("the question was not answered within " + given + ", its deadline", cause);
    }

    /** A failure of a reading, without what wraps it. */
    Throwable explained(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof DeadlineExceededException ? exceeded(cause) : cause;
    }
}
