package org.distilqa.benchmarks.contender;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files beside the checkout that some tests use; see CONTRIBUTING.md. */
public final class SharedFiles {
    private SharedFiles() {}

    /** The folder of the golden checkpoint. */
    public static Path goldenCheckpoint() {
        return require("golden/tiny-distilbert");
    }

    /** XQuAD's English part: 1,190 questions in the format of SQuAD v1.1. */
    public static Path xquad() {
        return require("squad/xquad.en.json");
    }

    /** Skips the calling test where the file is not there; fails it in continuous integration. */
    private static Path require(String name) {
        Path path = Path.of(System.getProperty("distilqa.shared", "../../shared"), name)
                .normalize();
        boolean exists = Files.exists(path);
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(path + " is missing, and CI=true");
        }
        assumeTrue(exists, path + " is not on this machine; CONTRIBUTING.md says what it holds");
        return path;
    }
}
