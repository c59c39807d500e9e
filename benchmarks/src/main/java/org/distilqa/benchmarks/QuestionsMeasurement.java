package org.distilqa.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Measures whole questions. The questions are cut into slices; each slice is answered by every contender in each of its ways,
 * in an order that changes from slice to slice.
 */
final class QuestionsMeasurement {
    /** Enough that sorting by length can do its work, few enough that there are several slices. */
    private static final int SLICE = 64;

    private final ContenderProcesses starting;
    private final int questions;
    private final int warmUp;
    private final List<Contender> contenders;
    private final Consumer<String> progress;

    QuestionsMeasurement(
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
    private record Line(Contender contender, Command.Mode mode) {}

    QuestionsResults measure() {
        Map<Contender, WorkerProcess> processes = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                progress.accept("starting " + contender + " for whole questions");
                processes.put(contender, starting.questions(contender));
            }
            List<Line> lines = contenders.stream()
                    .flatMap(contender -> modes(contender).stream().map(mode -> new Line(contender, mode)))
                    .toList();
            for (Line line : lines) {
                progress.accept(
                        "warming up " + line.contender() + ", " + line.mode().description());
                answer(processes.get(line.contender()), line.mode(), 0, Math.min(warmUp, questions));
            }
            Map<Line, List<double[]>> times = new LinkedHashMap<>();
            int slices = (questions + SLICE - 1) / SLICE;
            for (int slice = 0; slice < slices; slice++) {
                progress.accept("questions: part " + (slice + 1) + " of " + slices);
                for (Line line : NetworkMeasurement.rotated(lines, slice)) {
                    NetworkMeasurement.pause();
                    double[] milliseconds = answer(
                            processes.get(line.contender()),
                            line.mode(),
                            slice * SLICE,
                            Math.min(questions, (slice + 1) * SLICE));
                    times.computeIfAbsent(line, key -> new ArrayList<>()).add(milliseconds);
                }
            }
            Map<Contender, Reply.Ready> ready = new LinkedHashMap<>();
            Map<Contender, Long> peakBytes = new LinkedHashMap<>();
            processes.forEach((contender, process) -> {
                ready.put(contender, process.ready());
                process.request(new Command.ShowMemory(), Reply.Memory.class)
                        .known()
                        .ifPresent(bytes -> peakBytes.put(contender, bytes));
            });
            return new QuestionsResults(questions, ready, peakBytes, rows(lines, times));
        } finally {
            processes.values().forEach(WorkerProcess::close);
        }
    }

    /** Our own answerer sorts what it is given at once; DJL's does not, so its user may. */
    private static List<Command.Mode> modes(Contender contender) {
        return contender.isDjl()
                ? List.of(Command.Mode.BATCHES, Command.Mode.SORTED_BATCHES, Command.Mode.SINGLE)
                : List.of(Command.Mode.BATCHES, Command.Mode.SINGLE);
    }

    private static double[] answer(WorkerProcess process, Command.Mode mode, int from, int to) {
        Reply.Times times = process.request(new Command.Answer(mode, from, to), Reply.Times.class);
        return Arrays.stream(times.nanoseconds())
                .mapToDouble(nanoseconds -> nanoseconds / 1e6)
                .toArray();
    }

    private static List<QuestionsResults.Row> rows(List<Line> lines, Map<Line, List<double[]>> times) {
        return lines.stream()
                .map(line -> {
                    List<List<Double>> peers = lines.stream()
                            .filter(peer -> peer.contender().isDjl())
                            .filter(peer -> isSingle(peer) || !isSingle(line))
                            .map(peer -> sums(times.get(peer)))
                            .toList();
                    OptionalDouble ratio = Ratio.byRound(sums(times.get(line)), peers);
                    return new QuestionsResults.Row(line.contender(), line.mode(), times.get(line), ratio);
                })
                .toList();
    }

    private static boolean isSingle(Line line) {
        return line.mode() == Command.Mode.SINGLE;
    }

    private static List<Double> sums(List<double[]> slices) {
        return IntStream.range(0, slices.size())
                .mapToObj(i -> Arrays.stream(slices.get(i)).sum())
                .toList();
    }
}
