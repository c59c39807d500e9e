package org.distilqa.schedule;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A piece of the Java heap that is held back for the moment when nothing is left of it: with it there is room to tell those who wait
 * that their requests failed. Without it a heap full of what they wait for stays full for ever. Safe for use by many threads.
 */
public final class MemoryReserve {
    /** Makes room for some thousand exceptions. Most heaps have regions of this size or twice it, so that a whole one gets free. */
    private static final int BYTES = 1 << 20;

    private static final long NANOSECONDS_BETWEEN_TRIES = 10_000_000;

    private final AtomicReference<byte[]> block = new AtomicReference<>(new byte[BYTES]);

    MemoryReserve() {}

    /** Gives the memory away, and waits a moment for what others give back; takes none for it. Then it is time to try again. */
    public void makeRoom() {
        block.set(null);
        LockSupport.parkNanos(NANOSECONDS_BETWEEN_TRIES);
    }

    /** Holds memory back again, if none is held and there is some. */
    public void replenish() {
        if (block.get() == null) {
            try {
                block.compareAndSet(null, new byte[BYTES]);
            } catch (OutOfMemoryError e) {
                // There may be enough when the next request comes.
            }
        }
    }

    boolean isHeld() {
        return block.get() != null;
    }
}
