package org.distilqa.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.worker.LoggedProcess;

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

    /** Fails where a process does not answer the first question with a part of its context, and end. */
    static void requireFirstAnswer(ContenderProcesses processes, Contender contender) {
        String beginning = "answer: ";
        try (LoggedProcess process = LoggedProcess.start(contender.toString(), processes.firstAnswer(contender))) {
            String line = process.line();
            assertThat(line).startsWith(beginning);
            assertThat(line.substring(beginning.length())).isNotBlank().isSubstringOf(ColdStart.QUESTION.context());
            assertThat(process.rest()).isEmpty();
        }
    }
}
