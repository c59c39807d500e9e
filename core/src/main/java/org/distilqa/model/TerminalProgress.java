package org.distilqa.model;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/** A progress bar for downloads on a terminal: one line for each file, rewritten in place. */
final class TerminalProgress implements DownloadProgress {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private String current = "";
    private long drawn;

    /**
     * A bar on a stream.
     *
     * @param out the stream, a terminal's
     */
    TerminalProgress(PrintStream out) {
        this.out = out;
    }

    /**
     * A bar on standard error if this process runs in a terminal, otherwise nothing.
     *
     * @return the listener
     */
    static DownloadProgress ifTerminal() {
        return isTerminal() ? new TerminalProgress(System.err) : DownloadProgress.none();
    }

    /**
     * Whether this process runs in a terminal. From Java 22 on there is a console without one, too, which has to be asked.
     *
     * @return whether a person may be watching
     */
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // Before Java 22 a console is a terminal.
        }
    }

    @Override
    public synchronized void update(String file, long bytes, long total) {
        long now = System.nanoTime();
        boolean finished = bytes == total;
        if (file.equals(current) && !finished && now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        current = finished ? "" : file;
        out.print("\r" + line(file, bytes, total) + (finished ? "\n" : ""));
        out.flush();
    }

    private static String line(String file, long bytes, long total) {
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s: %.1f MB", file, bytes / 1e6);
        }
        int filled = (int) (WIDTH * bytes / total);
        return String.format(
                Locale.ROOT,
                "%s: [%s%s] %d %% of %.1f MB",
                file,
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                100 * bytes / total,
                total / 1e6);
    }
}
