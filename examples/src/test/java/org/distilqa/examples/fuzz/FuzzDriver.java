package org.distilqa.examples.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer calls again and again, in a process of its own. */
public final class FuzzDriver {
    private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty("distilqa.fuzz.target"));
    private static final Path DIRECTORY = directory();

    private FuzzDriver() {}

    private static Path directory() {
        try {
            return Files.createDirectories(Path.of(System.getProperty("distilqa.fuzz.directory")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Jazzer's entry point. */
    public static void fuzzerTestOneInput(byte[] content) {
        TARGET.accepts(DIRECTORY, content);
    }
}
