package org.distilqa.benchmarks.measurement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.subject.ContenderProcesses;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.LoggedProcess;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;
import org.distilqa.model.Checkpoint;

/**
 * Measures beginnings, each in a process that does nothing else: the time to load, the peak of resident memory, and the time
 * from the start of a process to its first answer. The contenders alternate; the first round is thrown away, since it fills the
 * file cache and unpacks native libraries.
 */
public final class StartMeasurement {
    private static final int RUNS = 3;

    private final ContenderProcesses starting;
    private final int[][] tokens;
    private final List<Contender> networks;
    private final List<Contender> answerers;
    private final InputShape memoryShape;
    private final int repetitions;
    private final Consumer<String> progress;

    /**
     * @param networks whose time to load and memory is measured
     * @param answerers whose first answer is waited for, if they can answer here
     */
    public StartMeasurement(
            ContenderProcesses starting,
            List<Contender> networks,
            List<Contender> answerers,
            InputShape memoryShape,
            int repetitions,
            Consumer<String> progress) {
        this.starting = starting;
        try (Checkpoint checkpoint = Checkpoint.open(starting.model().directory())) {
            this.tokens = memoryShape.tokens(checkpoint.config().vocabSize());
        }
        this.networks = networks;
        this.answerers = answerers.stream().filter(starting.python()::canAnswer).toList();
        this.memoryShape = memoryShape;
        this.repetitions = repetitions;
        this.progress = progress;
    }

    public StartResults measure() {
        Map<Contender, StartResults.Row> rows = new LinkedHashMap<>();
        networks.forEach(contender -> rows.computeIfAbsent(contender, StartMeasurement::empty));
        answerers.forEach(contender -> rows.computeIfAbsent(contender, StartMeasurement::empty));
        for (int repetition = 0; repetition <= repetitions; repetition++) {
            progress.accept(
                    repetition == 0
                            ? "starts: once without looking at the clock"
                            : "starts: round " + repetition + " of " + repetitions);
            boolean counts = repetition > 0;
            for (Contender contender : Turns.of(networks, repetition)) {
                network(rows.get(contender), counts);
            }
            for (Contender contender : Turns.of(answerers, repetition)) {
                double milliseconds = firstAnswer(contender);
                if (counts) {
                    rows.get(contender).coldMilliseconds().add(milliseconds);
                }
            }
        }
        return new StartResults(memoryShape, List.copyOf(rows.values()));
    }

    private static StartResults.Row empty(Contender contender) {
        return new StartResults.Row(contender, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private void network(StartResults.Row row, boolean counts) {
        try (WorkerProcess process = starting.network(row.contender())) {
            if (!counts) {
                return;
            }
            process.request(new Command.Run(tokens, 0, RUNS), Reply.Times.class);
            row.loadMilliseconds().add(process.ready().loadNanoseconds() / 1e6);
            process.request(new Command.ShowMemory(), Reply.Memory.class)
                    .known()
                    .ifPresent(bytes -> row.peakBytes().add((double) bytes));
        }
    }

    private double firstAnswer(Contender contender) {
        ProcessBuilder command = starting.firstAnswer(contender);
        long begin = System.nanoTime();
        try (LoggedProcess process = LoggedProcess.start(contender.toString(), command)) {
            process.line();
            double milliseconds = (System.nanoTime() - begin) / 1e6;
            process.rest();
            return milliseconds;
        }
    }
}
