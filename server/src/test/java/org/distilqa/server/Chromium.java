package org.distilqa.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of this machine. Playwright downloads none. */
final class Chromium {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private Chromium() {}

    /** Its program. Skips the calling test where there is none; fails it in continuous integration. */
    static Path require() {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("there is no chromium on the PATH, and CI=true");
        }
        assumeTrue(program.isPresent(), "there is no chromium on the PATH; CONTRIBUTING.md says how it is installed");
        return program.get();
    }
}
