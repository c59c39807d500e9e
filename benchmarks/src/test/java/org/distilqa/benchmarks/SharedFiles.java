package org.distilqa.benchmarks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.subject.ContenderProcesses;

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

    /** The golden checkpoint's processes, for six questions of XQuAD. */
    public static ContenderProcesses goldenProcesses(Path folder) {
        Python none = new Python("python3", folder.resolve("peer.py"), Map.of(), "");
        return new ContenderProcesses(new MeasuredModel("golden", goldenCheckpoint()), folder, none, xquad(), 6);
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
