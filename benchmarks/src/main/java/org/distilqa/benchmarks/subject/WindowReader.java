package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.distilqa.benchmarks.contender.TokenizedQuestion;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.device.Program;

/** Reads the windows of the measured questions with the network alone: tokenised beforehand, in batches sorted by length. */
final class WindowReader {
    private final Program program;
    private final Path folder;
    private List<TokenizedQuestion> questions = List.of();

    WindowReader(Program program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** Reads the windows of some questions; how long it took, in nanoseconds. */
    long read(int from, int to) {
        if (questions.isEmpty()) {
            questions = PeerFiles.questions(folder);
        }
        List<TokenizedQuestion.Window> windows = questions.subList(from, to).stream()
                .flatMap(question -> question.windows().stream())
                .sorted(Comparator.comparingInt(window -> window.ids().length))
                .toList();
        long begin = System.nanoTime();
        for (int first = 0; first < windows.size(); first += Answerer.BATCH_SIZE) {
            int last = Math.min(windows.size(), first + Answerer.BATCH_SIZE);
            program.run(TokenizedQuestion.batch(windows.subList(first, last)));
        }
        return System.nanoTime() - begin;
    }
}
