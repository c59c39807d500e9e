package org.distilqa.device.cpu.program;

import java.util.Arrays;

/**
 * Finds out by trying which of some ways to do the same is the fastest on this machine: each is taken a few times, in turn;
 * after that it is always the one with the shortest time. Not safe for use by many threads.
 */
final class Trial {
    /** The first times are those of code that the JVM has not compiled yet; the shortest is taken because others use the machine. */
    private static final int TRIES = 8;

    private final long[] shortest;
    private int tries;
    private int fastest;

    Trial(int ways) {
        this.shortest = new long[ways];
        Arrays.fill(shortest, Long.MAX_VALUE);
    }

    /** The way to take now, from 0. */
    int next() {
        return tries < TRIES * shortest.length ? tries % shortest.length : fastest;
    }

    /** Records how long it took. */
    void took(int way, long nanoseconds) {
        if (tries < TRIES * shortest.length) {
            shortest[way] = Math.min(shortest[way], nanoseconds);
            if (shortest[way] < shortest[fastest]) {
                fastest = way;
            }
            tries++;
        }
    }
}
