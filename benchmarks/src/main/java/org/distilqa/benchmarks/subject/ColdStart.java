package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;

/** A process that answers one question and ends: what a user waits for who starts the program and asks. */
final class ColdStart {
    static final Question QUESTION = new Question(
            "Who built the lamp of the lighthouse?",
            "The lighthouse on the northern cape was finished in 1874, after eleven years of work. Its lamp, built by the"
                    + " Dunmore Glass Company, was turned by a clockwork that the keepers wound every four hours. The"
                    + " clockwork was replaced by a motor in 1931, but the lamp itself still works.",
            List.of());

    private ColdStart() {}

    /**
     * Loads, answers, and says so in one line.
     *
     * @param arguments the contender, the model, the folder of {@link PeerFiles}
     */
    public static void main(String[] arguments) {
        try (Answerer answerer = Answerer.open(Contender.parse(arguments[0]), arguments[1], Path.of(arguments[2]))) {
            System.out.println("answer: " + answerer.answer(QUESTION).replaceAll("\\s+", " "));
            System.out.flush();
        }
        System.exit(0);
    }
}
