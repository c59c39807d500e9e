package org.distilqa.examples;

import java.io.PrintWriter;
import org.distilqa.QuestionAnswererListener;

/** Shows how many windows of a long text were read. One that is read in a moment shows nothing, unless it was asked for. */
final class WindowProgress implements QuestionAnswererListener, AutoCloseable {
    private static final long NANOS_UNTIL_SHOWN = 1_000_000_000L;

    private final ProgressBar bar;
    private final boolean asked;
    private final long begin = System.nanoTime();
    private long done;

    /** Begins to count time. */
    WindowProgress(PrintWriter err, boolean asked) {
        this.bar = new ProgressBar(err, "windows", asked);
        this.asked = asked;
    }

    @Override
    public synchronized void batchRead(Batch batch) {
        done += batch.windows();
        if (asked || System.nanoTime() - begin > NANOS_UNTIL_SHOWN) {
            bar.update(done, done + batch.pendingWindows());
        }
    }

    @Override
    public synchronized void close() {
        bar.close();
    }
}
