package org.distilqa;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files that this process has open, on a system that tells. */
public final class OpenFiles {
    private static final Path LIST = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** How many there are below a directory; skips the test where nobody knows. */
    public static long below(Path directory) throws IOException {
        assumeTrue(Files.isDirectory(LIST), "this system does not list open files in " + LIST);
        Path real = directory.toRealPath();
        try (Stream<Path> open = Files.list(LIST)) {
            return open.filter(file -> isBelow(file, real)).count();
        }
    }

    private static boolean isBelow(Path file, Path directory) {
        try {
            return Files.readSymbolicLink(file).startsWith(directory);
        } catch (IOException e) {
            return false; // The one that lists them.
        }
    }
}
