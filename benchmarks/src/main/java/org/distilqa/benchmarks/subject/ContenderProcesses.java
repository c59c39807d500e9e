package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.worker.Worker;
import org.distilqa.benchmarks.worker.WorkerProcess;

/**
 * Starts contenders' processes: a JVM like this one, or Python.
 *
 * @param model what they load
 * @param folder what {@link PeerFiles} made of it
 * @param python Python, for contenders of its
 * @param data a SQuAD file
 * @param limit how many of its questions are answered
 */
public record ContenderProcesses(MeasuredModel model, Path folder, Python python, Path data, int limit) {

    /** A process that holds a contender's network for batches of any shape. */
    public WorkerProcess network(Contender contender) {
        return start(
                contender, Worker.Role.NETWORK, "network", model.directory().toString());
    }

    /** A process that runs few shapes again and again, for each of which a contender may compile the network anew. */
    public WorkerProcess networkOfFixedShapes(Contender contender) {
        return start(
                contender,
                Worker.Role.NETWORK,
                "fixed-shapes",
                model.directory().toString());
    }

    /** A process that answers whole questions. */
    public WorkerProcess questions(Contender contender) {
        return start(
                contender,
                Worker.Role.QUESTIONS,
                "questions",
                loaded(contender),
                data.toString(),
                String.valueOf(limit));
    }

    /** What starts a process that answers one question, writes a line and ends. */
    public ProcessBuilder firstAnswer(Contender contender) {
        String name = contender.toString();
        return contender.isPython()
                ? Python.process(python.command(
                        "first-answer",
                        name,
                        loaded(contender),
                        folder.toString(),
                        ColdStart.QUESTION.question(),
                        ColdStart.QUESTION.context()))
                : new ProcessBuilder(
                        WorkerProcess.command(ColdStart.class, name, loaded(contender), folder.toString()));
    }

    /** Our own contenders load the bundled model as a user's program does, from the class path. */
    private String loaded(Contender contender) {
        return model.isBundled() && !contender.isPeer()
                ? model.name()
                : model.directory().toString();
    }

    private WorkerProcess start(
            Contender contender, Worker.Role role, String pythonRole, String loaded, String... more) {
        String name = contender.toString();
        if (contender.isPython()) {
            return WorkerProcess.start(
                    name, Python.process(python.command(pythonRole, name, loaded, folder.toString())));
        }
        List<String> command = WorkerProcess.command(Worker.class, role.name(), name, loaded, folder.toString());
        command.addAll(List.of(more));
        return WorkerProcess.start(name, new ProcessBuilder(command));
    }
}
