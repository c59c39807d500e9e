package org.distilqa.benchmarks.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.distilqa.benchmarks.contender.BenchmarkException;

/** A process whose errors go into a file, so that its last words can be told where it fails. Used by one thread. */
public final class LoggedProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 30;
    private static final int LINES_OF_LOG = 8;

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedReader output;

    private LoggedProcess(String name, ProcessBuilder command) {
        this.name = name;
        try {
            this.log = Files.createTempFile("distilqa-benchmarks", ".log");
            this.process = command.redirectError(log.toFile()).start();
        } catch (IOException e) {
            throw new BenchmarkException(name + " cannot be started: " + e.getMessage(), e);
        }
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a command.
     *
     * @param name what the process is called in messages
     * @throws BenchmarkException if it cannot be started
     */
    public static LoggedProcess start(String name, ProcessBuilder command) {
        return new LoggedProcess(name, command);
    }

    /**
     * The next line that the process writes.
     *
     * @throws BenchmarkException if it ended instead; with its last words
     */
    public String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw ended(null);
            }
            return line;
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /**
     * Waits for the end of the process; what it wrote until then, its lines joined.
     *
     * @throws BenchmarkException if it ended with another status than 0; with its last words
     */
    public String rest() {
        try {
            String rest = output.lines().collect(Collectors.joining("\n"));
            if (process.waitFor() != 0) {
                throw ended(null);
            }
            return rest;
        } catch (UncheckedIOException e) {
            throw ended(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Writes a line to the process. */
    void write(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private BenchmarkException ended(IOException cause) {
        try {
            String end = process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)
                    ? "ended with status " + process.exitValue()
                    : "does not answer";
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size());
            return new BenchmarkException(
                    name + ": its process " + end + "; it wrote last:" + System.lineSeparator()
                            + String.join(System.lineSeparator(), last),
                    cause);
        } catch (IOException e) {
            return new BenchmarkException(name + ": its process ended, and its log cannot be read", e);
        } catch (InterruptedException e) {
            return interrupted(e);
        }
    }

    private static BenchmarkException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new BenchmarkException("interrupted", cause);
    }

    /** Ends its input and waits for it; what does not end by itself is ended. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            log.toFile().deleteOnExit();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
