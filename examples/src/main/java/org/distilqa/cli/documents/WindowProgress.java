package org.distilqa.cli.documents;

import org.distilqa.QuestionAnswererListener;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.ProgressOption;

/** Shows how many windows of a long text were read. One that is read in a moment shows nothing, unless it was asked for. */
final class WindowProgress implements QuestionAnswererListener, AutoCloseable {
    private static final long NANOS_UNTIL_SHOWN = 1_000_000_000L;

    private final ProgressBar bar;
    private final boolean asked;
    private final long begin = System.nanoTime();
    private long done;

    /** Begins to count time. */
    WindowProgress(ProgressOption progress) {
        this.bar = progress.bar("windows");
        this.asked = progress.asked();
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
