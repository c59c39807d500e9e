package org.distilqa.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files beside the checkout that some tests use; see CONTRIBUTING.md. */
public final class SharedFiles {
    private SharedFiles() {}

    /** The folder of the golden checkpoint, with cases.json and answers.json. */
    public static Path goldenCheckpoint() {
        return require("golden/tiny-distilbert");
    }

    /** XQuAD's English part: 1,190 questions in the format of SQuAD v1.1. */
    public static Path xquad() {
        return require("squad/xquad.en.json");
    }

    /** A small checkpoint that was trained: its answers can be right. */
    public static Path encoder() {
        return require("encoder");
    }

    /** A case of answers that were wrong once, with its texts. */
    public static Path faultCase(String name) {
        return require("cases/" + name);
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
