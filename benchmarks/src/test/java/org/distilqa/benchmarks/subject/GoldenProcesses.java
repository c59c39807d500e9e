package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.Map;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.peer.Python;

/** The golden checkpoint's processes, for six questions of XQuAD. */
final class GoldenProcesses {
    private GoldenProcesses() {}

    /** With this folder of what is made for peers, and without Python. */
    static ContenderProcesses in(Path folder) {
        return in(folder, new Python("python3", folder.resolve("peer.py"), Map.of(), ""));
    }

    static ContenderProcesses in(Path folder, Python python) {
        MeasuredModel model = new MeasuredModel("golden", SharedFiles.goldenCheckpoint());
        return new ContenderProcesses(model, folder, python, SharedFiles.xquad(), 6);
    }
}
