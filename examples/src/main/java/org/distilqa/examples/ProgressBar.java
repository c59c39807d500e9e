package org.distilqa.examples;

import java.io.PrintWriter;
import java.util.Locale;

/** A line on standard error that says how far a long job is; silent where there is no terminal. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final boolean terminal;
    private final String what;
    private final long begin = System.nanoTime();
    private boolean drawn;

    ProgressBar(PrintWriter err, String what) {
        this.err = err;
        // The launcher knows whether standard error is a terminal; Java does not.
        this.terminal = Boolean.getBoolean("distilqa.terminal");
        this.what = what;
    }

    /** Redraws the line. {@code total} is 0 where it is not known. */
    void update(long done, long total) {
        if (!terminal) {
            return;
        }
        double perSecond = done / ((System.nanoTime() - begin) / 1e9);
        String bar = "";
        if (total > 0) {
            int filled = (int) (WIDTH * Math.min(done, total) / total);
            bar = "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] ";
        }
        err.print(String.format(
                Locale.ROOT,
                "\r%s%d%s %s, %.1f a second   ",
                bar,
                done,
                total > 0 ? " of " + total : "",
                what,
                perSecond));
        err.flush();
        drawn = true;
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (drawn) {
            err.println();
        }
    }
}
