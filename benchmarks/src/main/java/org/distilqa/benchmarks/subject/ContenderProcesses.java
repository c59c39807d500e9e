package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.List;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.worker.JavaCommand;
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
        return network(contender, "network");
    }

    /** A process that runs few shapes again and again, for each of which a contender may compile the network anew. */
    public WorkerProcess networkOfFixedShapes(Contender contender) {
        return network(contender, "fixed-shapes");
    }

    private WorkerProcess network(Contender contender, String pythonRole) {
        String directory = model.directory().toString();
        return start(
                contender,
                contender.isPython()
                        ? python(pythonRole, contender, directory)
                        : java(NetworkSubject.class, contender, directory));
    }

    /** A process that answers whole questions. */
    public WorkerProcess questions(Contender contender) {
        String loaded = loaded(contender);
        return start(
                contender,
                contender.isPython()
                        ? python("questions", contender, loaded)
                        : java(QuestionsSubject.class, contender, loaded, data.toString(), String.valueOf(limit)));
    }

    /** What starts a process that answers one question, writes a line and ends. */
    public ProcessBuilder firstAnswer(Contender contender) {
        String loaded = loaded(contender);
        return contender.isPython()
                ? python("first-answer", contender, loaded, ColdStart.QUESTION.question(), ColdStart.QUESTION.context())
                : java(ColdStart.class, contender, loaded);
    }

    /** Our own contenders load the bundled model as a user's program does, from the class path. */
    private String loaded(Contender contender) {
        return model.isBundled() && !contender.isPeer()
                ? model.name()
                : model.directory().toString();
    }

    private ProcessBuilder java(Class<?> main, Contender contender, String loaded, String... more) {
        ProcessBuilder process = JavaCommand.of(main, contender.toString(), loaded, folder.toString());
        process.command().addAll(List.of(more));
        return process;
    }

    private ProcessBuilder python(String role, Contender contender, String loaded, String... more) {
        ProcessBuilder process = python.process(role, contender.toString(), loaded, folder.toString());
        process.command().addAll(List.of(more));
        return process;
    }

    private static WorkerProcess start(Contender contender, ProcessBuilder command) {
        return WorkerProcess.start(contender.toString(), command);
    }
}
