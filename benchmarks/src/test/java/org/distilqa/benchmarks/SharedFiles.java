package org.distilqa.benchmarks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files beside the checkout that some tests use; see CONTRIBUTING.md. */
final class SharedFiles {
    private SharedFiles() {}

    /** The folder of the golden checkpoint. */
    static Path goldenCheckpoint() {
        return require("golden/tiny-distilbert");
    }

    /** XQuAD's English part: 1,190 questions in the format of SQuAD v1.1. */
    static Path xquad() {
        return require("squad/xquad.en.json");
    }

    /** Makes a small checkpoint with the network in ONNX's format beside it. */
    static Path makeCheckpoint(Path directory) throws IOException, InterruptedException {
        Path script = require("tools/make_checkpoint.py");
        Path vocabulary = goldenCheckpoint().resolve("vocab.txt");
        assumeTrue(succeeds("python3", "-c", "import numpy"), "there is no python3 with numpy on this machine");
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), directory.toString()));
        command.addAll(List.of("--vocab", vocabulary.toString()));
        command.addAll(List.of("--layers", "2", "--dim", "48", "--heads", "4", "--hidden", "96"));
        if (!succeeds(command.toArray(String[]::new))) {
            throw new AssertionError(String.join(" ", command) + " failed");
        }
        return directory;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
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
