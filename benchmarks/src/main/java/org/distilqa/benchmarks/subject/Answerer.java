package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.Reply;

/** Answers whole questions: text in, text out. */
public interface Answerer extends AutoCloseable {
    /** How many questions or windows go through the network together. */
    int BATCH_SIZE = 8;

    /** Loads what a contender answers with. {@code folder} is what {@link PeerFiles} made of the model, for who needs it. */
    static Answerer open(Contender contender, String model, Path folder) {
        return contender.isDjl()
                ? DjlAnswerer.open(contender, folder)
                : DistilQaAnswerer.open(contender, model, folder);
    }

    /** What it is and how it is set. */
    Reply.Ready ready(long loadNanoseconds);

    /** The best answer to a question. */
    String answer(Question question);

    /** The best answer to each of some questions, in batches. */
    List<String> answerAll(List<Question> questions);

    /**
     * Reads the windows of some of the measured questions with the network alone.
     *
     * @return how long it took, in nanoseconds
     */
    long read(int from, int to);

    @Override
    void close();
}
