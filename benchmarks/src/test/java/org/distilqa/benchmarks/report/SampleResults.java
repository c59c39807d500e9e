package org.distilqa.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.service.ServiceResults;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;

/** Made-up results for the tests of what is written. */
final class SampleResults {
    static final Contender CPU = Contender.parse("cpu");
    static final Contender FUSED = Contender.parse("onnxruntime,graph=fused");
    static final Contender INT8 = Contender.parse("onnxruntime,graph=int8");
    static final Contender DJL = Contender.parse("djl,graph=fused");

    static final Machine MACHINE = new Machine(
            "A <fast> & \"wide\" processor (" + "AVX-512, ".repeat(20) + "AMX)", 2, 8L << 30, "An OS 1", "A JVM 17");

    private SampleResults() {}

    static NetworkResults network() {
        Map<Contender, Reply.Ready> contenders = new LinkedHashMap<>();
        contenders.put(CPU, ready("ours"));
        contenders.put(FUSED, ready("theirs"));
        contenders.put(INT8, ready("theirs in int8"));
        return new NetworkResults(
                Map.of("float32", List.of(80.0, 100.0), "int8", List.of(400.0)),
                Map.of("float32", "wide float32"),
                contenders,
                Map.of(CPU, 0.0),
                List.of(
                        row("1x32", CPU, OptionalDouble.of(1.25), 10, 20, 30),
                        row("1x32", FUSED, OptionalDouble.of(1), 25),
                        row("1x32", INT8, OptionalDouble.empty(), 5),
                        row("8x384", CPU, OptionalDouble.of(1.5), 40),
                        row("8x384", FUSED, OptionalDouble.of(1), 60),
                        row("8x384", INT8, OptionalDouble.empty(), 20)));
    }

    static Results all() {
        QuestionsResults questions = new QuestionsResults(
                4,
                Map.of(DJL, ready("DJL")),
                Map.of(CPU, 256L << 20),
                List.of(
                        new QuestionsResults.Row(
                                CPU,
                                Command.Mode.BATCHES,
                                List.of(new double[] {300}, new double[] {200}),
                                OptionalDouble.of(2),
                                OptionalDouble.of(1.75)),
                        new QuestionsResults.Row(
                                DJL,
                                Command.Mode.SINGLE,
                                List.of(new double[] {500, 100}, new double[] {200, 200}),
                                OptionalDouble.of(1),
                                OptionalDouble.empty()),
                        new QuestionsResults.Row(
                                DJL,
                                Command.Mode.BATCHES,
                                List.of(new double[] {500}, new double[] {300}),
                                OptionalDouble.of(1),
                                OptionalDouble.empty()),
                        new QuestionsResults.Row(
                                DJL,
                                Command.Mode.SORTED_BATCHES,
                                List.of(new double[] {300}, new double[] {100}),
                                OptionalDouble.of(1),
                                OptionalDouble.empty())));
        StartResults starts = new StartResults(
                new InputShape(8, 384),
                List.of(
                        new StartResults.Row(
                                CPU, List.of(100.0, 300.0, 200.0), List.of(512.0 * (1 << 20)), List.of(900.0)),
                        new StartResults.Row(DJL, List.of(), List.of(), List.of(1500.0))));
        return new Results(
                "2026-01-02T03:04:05Z",
                MACHINE,
                List.of("-Xoption"),
                List.of(new ModelResults("small", Optional.of(network()), Optional.of(questions), Optional.of(starts))),
                Optional.of(service()));
    }

    static ServiceResults service() {
        return new ServiceResults(
                CPU,
                ready("ours"),
                16,
                2_000_000,
                List.of(
                        new ServiceResults.Row("no book", new double[] {1, 2, 3, 4}, 2, 0),
                        new ServiceResults.Row("beside the book, in turn", new double[] {10, 20, 30, 40}, 4, 100),
                        new ServiceResults.Row(
                                "beside the book, first come, first served", new double[] {5_000, 20_000}, 40, 2_000)),
                new int[] {1, 2, 2},
                new double[] {0.01, 0.02, 0.5},
                new double[] {0.2, 0.4, 3},
                1_234);
    }

    private static Reply.Ready ready(String description) {
        return new Reply.Ready(1, description, Map.of("threads", "2"));
    }

    /** 1e9 operations, so that 20 ms are 50 GFLOPS. */
    private static NetworkResults.Row row(
            String shape, Contender contender, OptionalDouble ratio, double... milliseconds) {
        return new NetworkResults.Row(InputShape.parse(shape), contender, 1_000_000_000, List.of(milliseconds), ratio);
    }
}
