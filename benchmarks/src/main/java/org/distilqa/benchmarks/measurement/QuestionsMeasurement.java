package org.distilqa.benchmarks.measurement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.subject.ContenderProcesses;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;

/**
 * Measures whole questions. The questions are cut into slices; each slice is answered by every contender in each of its ways,
 * in an order that changes from slice to slice.
 */
public final class QuestionsMeasurement {
    /** Enough that sorting by length can do its work, few enough that there are several slices. */
    private static final int SLICE = 64;

    private final ContenderProcesses starting;
    private final int questions;
    private final int warmUp;
    private final List<Contender> contenders;
    private final Consumer<String> progress;

    /** Who cannot answer whole questions here takes part with the network alone. */
    public QuestionsMeasurement(
            ContenderProcesses starting,
            int questions,
            int warmUp,
            List<Contender> contenders,
            Consumer<String> progress) {
        this.starting = starting;
        this.questions = questions;
        this.warmUp = warmUp;
        this.contenders = contenders;
        this.progress = progress;
    }

    /** A row of the table, to be filled slice by slice. */
    record Line(Contender contender, Command.Mode mode) {}

    public QuestionsResults measure() {
        Map<Contender, WorkerProcess> started = new LinkedHashMap<>();
        try {
            Map<Line, WorkerProcess> processes = new LinkedHashMap<>();
            for (Contender contender : contenders) {
                progress.accept("starting " + contender + " for whole questions");
                WorkerProcess process = starting.python().canAnswer(contender)
                        ? starting.questions(contender)
                        : starting.network(contender);
                started.put(contender, process);
                modes(contender).stream()
                        .filter(mode -> mode == Command.Mode.NETWORK
                                || starting.python().canAnswer(contender))
                        .forEach(mode -> processes.put(new Line(contender, mode), process));
            }
            processes.forEach(this::warmUp);
            Map<Line, List<double[]>> times = times(processes);
            Map<Contender, Reply.Ready> ready = new LinkedHashMap<>();
            Map<Contender, Long> peakBytes = new LinkedHashMap<>();
            started.forEach((contender, process) -> {
                ready.put(contender, process.ready());
                process.request(new Command.ShowMemory(), Reply.Memory.class)
                        .known()
                        .ifPresent(bytes -> peakBytes.put(contender, bytes));
            });
            return new QuestionsResults(questions, ready, peakBytes, rows(times));
        } finally {
            started.values().forEach(WorkerProcess::close);
        }
    }

    private void warmUp(Line line, WorkerProcess process) {
        progress.accept("warming up " + line.contender() + ", " + line.mode().description());
        answer(process, line.mode(), 0, Math.min(warmUp, questions));
    }

    private Map<Line, List<double[]>> times(Map<Line, WorkerProcess> processes) {
        Map<Line, List<double[]>> times = new LinkedHashMap<>();
        processes.keySet().forEach(line -> times.put(line, new ArrayList<>()));
        int slices = (questions + SLICE - 1) / SLICE;
        for (int slice = 0; slice < slices; slice++) {
            progress.accept("questions: part " + (slice + 1) + " of " + slices);
            for (Line line : Turns.of(List.copyOf(processes.keySet()), slice)) {
                Turns.pause();
                int last = Math.min(questions, (slice + 1) * SLICE);
                times.get(line).add(answer(processes.get(line), line.mode(), slice * SLICE, last));
            }
        }
        return times;
    }

    /** Our own answerer sorts what it is given at once, and so does OpenVINO's; the others do not, so their user may. */
    static List<Command.Mode> modes(Contender contender) {
        List<Command.Mode> modes = new ArrayList<>(List.of(Command.Mode.BATCHES));
        if (contender.isDjl() || contender.isTransformers()) {
            modes.add(Command.Mode.SORTED_BATCHES);
        }
        modes.add(Command.Mode.SINGLE);
        if (!contender.isDjl()) {
            modes.add(Command.Mode.NETWORK);
        }
        return modes;
    }

    private static double[] answer(WorkerProcess process, Command.Mode mode, int from, int to) {
        Reply.Times times = process.request(new Command.Answer(mode, from, to), Reply.Times.class);
        return Arrays.stream(times.nanoseconds())
                .mapToDouble(nanoseconds -> nanoseconds / 1e6)
                .toArray();
    }

    static List<QuestionsResults.Row> rows(Map<Line, List<double[]>> times) {
        return times.keySet().stream()
                .map(line -> new QuestionsResults.Row(
                        line.contender(),
                        line.mode(),
                        times.get(line),
                        ratio(line, times, QuestionsMeasurement::isComparable),
                        ratio(line, times, (own, peer) -> peer.mode() == Command.Mode.NETWORK)))
                .toList();
    }

    /** To the best of those peers of the same precision that {@code comparable} accepts. */
    private static OptionalDouble ratio(
            Line line, Map<Line, List<double[]>> times, BiPredicate<Line, Line> comparable) {
        List<List<Double>> peers = times.keySet().stream()
                .filter(peer -> peer.contender().isPeer())
                .filter(peer ->
                        peer.contender().precision().equals(line.contender().precision()))
                .filter(peer -> comparable.test(line, peer))
                .map(peer -> sums(times.get(peer)))
                .toList();
        return Ratio.byRound(sums(times.get(line)), peers);
    }

    /** Whole questions with whole questions; one at a time with one at a time, batches with whatever is fastest. */
    private static boolean isComparable(Line line, Line peer) {
        if (line.mode() == Command.Mode.NETWORK || peer.mode() == Command.Mode.NETWORK) {
            return line.mode() == peer.mode();
        }
        return peer.mode() == Command.Mode.SINGLE || line.mode() != Command.Mode.SINGLE;
    }

    private static List<Double> sums(List<double[]> slices) {
        return IntStream.range(0, slices.size())
                .mapToObj(i -> Arrays.stream(slices.get(i)).sum())
                .toList();
    }
}
