package org.distilqa.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.worker.Command;

/** The two tables that are looked at first: ours beside the best peer of each precision, and what users get. */
final class Summary {
    private static final List<String> PRECISIONS = List.of("float32", "bfloat16", "int8");

    private Summary() {}

    /** Whether one of our contenders takes part. */
    static boolean hasOurs(NetworkResults network) {
        return network.rows().stream().anyMatch(row -> !row.contender().isPeer());
    }

    /** A row for each shape; for each precision our contenders, the best peer, and how many times as fast ours are. */
    static Table shapes(NetworkResults network) {
        List<String> precisions = PRECISIONS.stream()
                .filter(precision -> network.rows().stream().anyMatch(isOurs(precision)))
                .toList();
        List<String> header = new ArrayList<>(List.of("<batch x tokens"));
        for (String precision : precisions) {
            network.rows().stream()
                    .filter(isOurs(precision))
                    .map(row -> row.contender().label())
                    .distinct()
                    .forEach(header::add);
            header.add("best peer, " + precision);
            header.add("times as fast");
        }
        Table table = new Table(header.toArray(String[]::new));
        for (InputShape shape : network.shapes()) {
            List<String> cells = new ArrayList<>(List.of(shape.batch() + " x " + shape.length()));
            List<NetworkResults.Row> rows = network.rows().stream()
                    .filter(row -> row.shape().equals(shape))
                    .toList();
            precisions.forEach(precision -> addCells(cells, rows, precision));
            table.add(cells.toArray(String[]::new));
        }
        return table;
    }

    private static Predicate<NetworkResults.Row> isOurs(String precision) {
        return row -> !row.contender().isPeer() && row.contender().precision().equals(precision);
    }

    private static void addCells(List<String> cells, List<NetworkResults.Row> rows, String precision) {
        List<NetworkResults.Row> ours = rows.stream().filter(isOurs(precision)).toList();
        ours.forEach(row -> cells.add(Figures.three(row.median())));
        cells.add(rows.stream()
                .filter(row ->
                        row.contender().isPeer() && row.contender().precision().equals(precision))
                .min(Comparator.comparingDouble(NetworkResults.Row::median))
                .map(row -> Figures.three(row.median()) + " " + row.contender().product())
                .orElse(Figures.NONE));
        cells.add(ours.stream().map(row -> Figures.ratio(row.ratio())).collect(Collectors.joining(", ")));
    }

    /** A row for each contender: whole questions, the network alone, and what it takes to begin. */
    static Table questions(QuestionsResults questions, Optional<StartResults> starts) {
        Table table = new Table(
                "<contender",
                "<precision",
                "batches",
                "one at a time",
                "the network alone",
                "first answer of a new process, s",
                "memory, MB");
        Map<String, List<QuestionsResults.Row>> rows = new TreeMap<>();
        questions
                .rows()
                .forEach(row -> rows.computeIfAbsent(row.contender().toString(), key -> new ArrayList<>())
                        .add(row));
        questions.rows().stream()
                .map(QuestionsResults.Row::contender)
                .distinct()
                .forEach(contender -> {
                    Optional<StartResults.Row> start = starts.flatMap(results -> results.rows().stream()
                            .filter(row -> row.contender().equals(contender))
                            .findFirst());
                    List<QuestionsResults.Row> own = rows.get(contender.toString());
                    table.add(
                            contender.label(),
                            contender.precision(),
                            rate(questions, own, Command.Mode.BATCHES, Command.Mode.SORTED_BATCHES),
                            rate(questions, own, Command.Mode.SINGLE),
                            rate(questions, own, Command.Mode.NETWORK),
                            start.map(row -> Figures.optional(row.firstAnswer(), ms -> Figures.three(ms / 1e3)))
                                    .orElse(Figures.NONE),
                            start.map(row -> Figures.optional(row.memory(), Figures::megabytes))
                                    .orElse(Figures.NONE));
                });
        return table;
    }

    /** The best of some ways. */
    private static String rate(QuestionsResults questions, List<QuestionsResults.Row> rows, Command.Mode... modes) {
        return rows.stream()
                .filter(row -> List.of(modes).contains(row.mode()))
                .map(questions::questionsPerSecond)
                .max(Comparator.naturalOrder())
                .map(Figures::three)
                .orElse(Figures.NONE);
    }
}
