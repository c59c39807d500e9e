package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;
import org.distilqa.benchmarks.worker.Worker;

/** Whole questions: from text to text. */
final class QuestionsSubject implements Subject {
    private final Answerer answerer;
    private final List<Question> questions;
    private volatile int sink;

    /**
     * Starts a contender's process.
     *
     * @param arguments the contender, the model, the folder of {@link PeerFiles}, a SQuAD file, how many of its questions
     */
    public static void main(String[] arguments) {
        Worker.run(() -> new QuestionsSubject(
                Answerer.open(Contender.parse(arguments[0]), arguments[1], Path.of(arguments[2])),
                Question.read(Path.of(arguments[3]), Integer.parseInt(arguments[4]))));
    }

    private QuestionsSubject(Answerer answerer, List<Question> questions) {
        this.answerer = answerer;
        this.questions = questions;
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        return answerer.ready(loadNanoseconds);
    }

    @Override
    public Reply reply(Command command) {
        if (command instanceof Command.Answer answer) {
            List<Question> part = questions.subList(answer.from(), answer.to());
            if (answer.mode() == Command.Mode.NETWORK) {
                return new Reply.Times(new long[] {answerer.read(answer.from(), answer.to())});
            }
            return new Reply.Times(answer.mode() == Command.Mode.SINGLE ? each(part) : together(part, answer.mode()));
        }
        throw new BenchmarkException("whole questions cannot do " + command);
    }

    private long[] each(List<Question> part) {
        long[] times = new long[part.size()];
        for (int i = 0; i < times.length; i++) {
            long begin = System.nanoTime();
            sink = answerer.answer(part.get(i)).length();
            times[i] = System.nanoTime() - begin;
        }
        return times;
    }

    private long[] together(List<Question> part, Command.Mode mode) {
        long begin = System.nanoTime();
        List<Question> ordered = mode == Command.Mode.SORTED_BATCHES
                ? part.stream()
                        .sorted(Comparator.comparingInt(Question::characters))
                        .toList()
                : part;
        sink = answerer.answerAll(ordered).size();
        return new long[] {System.nanoTime() - begin};
    }

    @Override
    public void close() {
        answerer.close();
    }
}
