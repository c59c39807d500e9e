package org.distilqa.benchmarks.worker;

/** What a contender's process holds and measures. */
public interface Subject extends AutoCloseable {

    /** What it is and how it is set; {@code loadNanoseconds} is how long its making took. */
    Reply.Ready ready(long loadNanoseconds);

    /** Does what a command asks. */
    Reply reply(Command command);

    @Override
    void close();
}
