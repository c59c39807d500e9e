package org.distilqa.cli.io;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A line on standard error that says how far a long job is. On a terminal it is redrawn; elsewhere there is nothing, or a new line now and
 * then if it was asked for.
 */
public final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long NANOS_BETWEEN_LINES = 2_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean asked;
    private final String what;
    private final long begin = System.nanoTime();
    private long lastLine = begin;
    private String state = "";
    private boolean drawn;

    /**
     * Begins to count time.
     *
     * @param err where it is drawn
     * @param what what is counted, in the plural
     * @param asked whether it is wanted where there is no terminal too
     */
    public ProgressBar(PrintWriter err, String what, boolean asked) {
        this.err = err;
        // The launcher knows whether standard error is a terminal; Java does not.
        this.terminal = Boolean.getBoolean("distilqa.terminal");
        this.asked = asked;
        this.what = what;
    }

    /**
     * Redraws the line.
     *
     * @param done how many are done
     * @param total how many there are; 0 where it is not known
     */
    public void update(long done, long total) {
        double share = total > 0 ? Math.min(done, total) / (double) total : -1;
        draw(done + (total > 0 ? " of " + total : "") + " " + what, done, share);
    }

    /**
     * Redraws the line where it is known how much of the work was done, but not how many are left.
     *
     * @param done how many are done
     * @param share how much of the work that is, from 0 to 1
     */
    public void updateShare(long done, double share) {
        draw(String.format(Locale.ROOT, "%d %s (%.0f %%)", done, what, 100 * share), done, share);
    }

    private void draw(String count, long done, double share) {
        if (!terminal && !asked) {
            return;
        }
        long now = System.nanoTime();
        state = String.format(Locale.ROOT, "%s, %.1f a second", count, done / ((now - begin) / 1e9));
        if (terminal) {
            int filled = (int) (WIDTH * share);
            String bar = share < 0 ? "" : "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] ";
            err.print("\r" + bar + state + "   ");
            err.flush();
            drawn = true;
        } else if (now - lastLine >= NANOS_BETWEEN_LINES) {
            err.println("distilqa: " + state);
            lastLine = now;
            state = "";
        }
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (drawn) {
            err.println();
        } else if (!state.isEmpty()) {
            err.println("distilqa: " + state);
        }
    }
}
