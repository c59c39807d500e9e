package org.distilqa.benchmarks.measurement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;

/** Whose turn it is in a round, and the pause before it. */
final class Turns {
    /** After a run some contenders' threads spin for a while in hope of more; the next one should not meet them. */
    private static final int PAUSE_MILLISECONDS = 50;

    private Turns() {}

    /** All of a list, in the order of a round: another one begins in each. */
    static <T> List<T> of(List<T> list, int round) {
        List<T> turns = new ArrayList<>(list);
        Collections.rotate(turns, -round);
        return turns;
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }
}
