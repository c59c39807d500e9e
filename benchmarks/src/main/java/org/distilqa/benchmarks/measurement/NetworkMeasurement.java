package org.distilqa.benchmarks.measurement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.peak.MultiplyAddSubject;
import org.distilqa.benchmarks.subject.ContenderProcesses;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;
import org.distilqa.graph.NetworkConfig;
import org.distilqa.model.Checkpoint;

/**
 * Measures the network alone: all contenders wait in processes of their own, and in every round each in turn runs each shape
 * for a moment, in an order that changes from round to round.
 */
public final class NetworkMeasurement {
    private static final InputShape SMALL = new InputShape(2, 24);

    private static final int PEAK_WARM_UPS = 4;

    private final ContenderProcesses starting;
    private final NetworkConfig config;
    private final List<Contender> contenders;
    private final List<InputShape> shapes;
    private final Pace pace;
    private final Consumer<String> progress;

    /**
     * How long it takes.
     *
     * @param rounds how many rounds
     * @param warmUpSeconds for how long each contender runs each shape before the first
     * @param seconds for how long each contender runs each shape in a round
     * @param minimumRuns how often at least
     * @param peakSeconds for how long the processor's peak is measured in a round
     */
    public record Pace(int rounds, double warmUpSeconds, double seconds, int minimumRuns, double peakSeconds) {}

    public NetworkMeasurement(
            ContenderProcesses starting,
            List<Contender> contenders,
            List<InputShape> shapes,
            Pace pace,
            Consumer<String> progress) {
        this.starting = starting;
        try (Checkpoint checkpoint = Checkpoint.open(starting.model().directory())) {
            this.config = checkpoint.config();
        }
        this.contenders = contenders;
        this.shapes = shapes;
        this.pace = pace;
        this.progress = progress;
    }

    /** A cell of the table, to be filled round by round. */
    private record Cell(InputShape shape, Contender contender) {}

    public NetworkResults measure() {
        Map<Contender, WorkerProcess> processes = new LinkedHashMap<>();
        Map<String, WorkerProcess> multiplyAdds = new LinkedHashMap<>();
        try {
            startMultiplyAdds(multiplyAdds);
            for (Contender contender : contenders) {
                progress.accept("starting " + contender);
                processes.put(contender, starting.networkOfFixedShapes(contender));
            }
            Map<Contender, Double> differences = differences(processes);
            warmUp(processes, multiplyAdds.values());
            Map<Cell, List<double[]>> times = new LinkedHashMap<>();
            Map<String, List<Double>> peaks = new LinkedHashMap<>();
            for (int round = 0; round < pace.rounds(); round++) {
                progress.accept("network: round " + (round + 1) + " of " + pace.rounds());
                multiplyAdds.forEach((precision, process) ->
                        peaks.computeIfAbsent(precision, p -> new ArrayList<>()).add(peak(process)));
                for (int i = 0; i < shapes.size(); i++) {
                    InputShape shape = shapes.get(i);
                    for (Contender contender : Turns.of(contenders, round + i)) {
                        Turns.pause();
                        double[] milliseconds = run(processes.get(contender), shape, pace.seconds());
                        times.computeIfAbsent(new Cell(shape, contender), cell -> new ArrayList<>())
                                .add(milliseconds);
                    }
                }
            }
            Map<Contender, Reply.Ready> ready = new LinkedHashMap<>();
            processes.forEach((contender, process) -> ready.put(contender, process.ready()));
            Map<String, String> instructions = new LinkedHashMap<>();
            multiplyAdds.forEach((precision, process) ->
                    instructions.put(precision, process.ready().description()));
            return new NetworkResults(peaks, instructions, ready, differences, rows(times));
        } finally {
            processes.values().forEach(WorkerProcess::close);
            multiplyAdds.values().forEach(WorkerProcess::close);
        }
    }

    /** Starts those of the precisions that somebody computes in, as far as this machine can measure them. */
    private void startMultiplyAdds(Map<String, WorkerProcess> processes) {
        for (String precision : List.of("float32", "bfloat16", "int8")) {
            if (contenders.stream().anyMatch(contender -> contender.precision().equals(precision))) {
                try {
                    processes.put(precision, multiplyAdds(precision));
                } catch (BenchmarkException e) {
                    progress.accept("the peak is not measured: " + e.getMessage());
                }
            }
        }
    }

    private static WorkerProcess multiplyAdds(String precision) {
        return WorkerProcess.start("multiply-adds of " + precision, MultiplyAddSubject.process(precision));
    }

    private void warmUp(Map<Contender, WorkerProcess> processes, Collection<WorkerProcess> multiplyAdds) {
        processes.forEach((contender, process) -> {
            progress.accept("warming up " + contender);
            shapes.forEach(shape -> run(process, shape, pace.warmUpSeconds()));
        });
        for (int i = 0; i < PEAK_WARM_UPS; i++) {
            multiplyAdds.forEach(this::peak);
        }
    }

    private double peak(WorkerProcess process) {
        Turns.pause();
        return process.request(new Command.MultiplyAndAdd(pace.peakSeconds()), Reply.Rate.class)
                .gflops();
    }

    private double[] run(WorkerProcess process, InputShape shape, double seconds) {
        Reply.Times times = process.request(
                new Command.Run(shape.tokens(config.vocabSize()), seconds, pace.minimumRuns()), Reply.Times.class);
        return Arrays.stream(times.nanoseconds())
                .mapToDouble(nanoseconds -> nanoseconds / 1e6)
                .toArray();
    }

    /** Whether all compute the same; a comparison of those who do not is worth nothing. */
    private Map<Contender, Double> differences(Map<Contender, WorkerProcess> processes) {
        Map<Contender, Reply.LogitValues> logits = new LinkedHashMap<>();
        Command command = new Command.ShowLogits(SMALL.tokens(config.vocabSize()));
        processes.forEach(
                (contender, process) -> logits.put(contender, process.request(command, Reply.LogitValues.class)));
        Optional<Contender> reference = contenders.stream()
                .filter(contender -> contender.precision().equals("float32"))
                .findFirst();
        Map<Contender, Double> differences = new LinkedHashMap<>();
        if (reference.isPresent()) {
            Reply.LogitValues expected = logits.get(reference.get());
            logits.forEach((contender, actual) -> differences.put(contender, actual.largestDifference(expected)));
        }
        return differences;
    }

    private List<NetworkResults.Row> rows(Map<Cell, List<double[]>> times) {
        List<NetworkResults.Row> rows = new ArrayList<>();
        for (InputShape shape : shapes) {
            for (Contender contender : contenders) {
                List<double[]> rounds = times.get(new Cell(shape, contender));
                List<List<double[]>> peers = contenders.stream()
                        .filter(Contender::isPeer)
                        .filter(peer -> peer.precision().equals(contender.precision()))
                        .map(peer -> times.get(new Cell(shape, peer)))
                        .toList();
                OptionalDouble ratio = Ratio.byRound(
                        medians(rounds),
                        peers.stream().map(NetworkMeasurement::medians).toList());
                rows.add(new NetworkResults.Row(shape, contender, shape.operations(config), rounds, ratio));
            }
        }
        return rows;
    }

    private static List<Double> medians(List<double[]> rounds) {
        return rounds.stream().map(Samples::median).toList();
    }
}
