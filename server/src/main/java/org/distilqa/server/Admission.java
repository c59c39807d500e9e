package org.distilqa.server;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets so many requests in at a time and no more, and none once it is closing. A request is let in before its body is read, so that
 * their number bounds the memory that bodies take. Safe for use by many threads.
 */
final class Admission {
    private final int most;
    private int underWay;
    private boolean closing;

    Admission(int most) {
        this.most = most;
    }

    /** Does something as one of the requests under way, or refuses to with status 429 or 503. */
    <T> T admit(Supplier<T> request) {
        enter();
        try {
            return request.get();
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (closing) {
            throw new Problem.Refusal(503, "the server is closing");
        }
        if (underWay == most) {
            throw new Problem.Refusal(
                    429,
                    "there are " + most + " requests under way, which is as many as the server takes on at a time");
        }
        underWay++;
    }

    private synchronized void leave() {
        underWay--;
        notifyAll();
    }

    synchronized boolean isClosing() {
        return closing;
    }

    /** Lets nobody in from now on. Whether it was this call that closed. */
    synchronized boolean close() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    /** Waits until all have left, or the time is over. */
    synchronized void awaitEmpty(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); underWay > 0 && left > 0; left = end - System.nanoTime()) {
            // At least a millisecond: zero would be for ever.
            wait(left / 1_000_000 + 1);
        }
    }
}
