package org.distilqa.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.squad.SquadMetric;
import org.distilqa.device.DeviceOptions;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures right answers in long contexts; {@code benchmarks/run joined} starts it. */
@Command(
        name = "benchmarks/run joined",
        description = "Joins the paragraphs of question sets to long contexts, and compares the F1 of the Hugging Face"
                + " pipeline's way with ours, without and with the second reading.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class JoinedContexts implements Callable<Integer> {
    private static final int REQUESTS_AT_ONCE = 16;

    @Option(
            names = "--model",
            paramLabel = "M",
            required = true,
            description = "The checkpoint: a directory or a hub id.")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description =
                    "Questions: files in SQuAD's format, or .jsonl with an object a line with context, question and"
                            + " answers.")
    private List<Path> data;

    @Option(
            names = "--paragraphs",
            paramLabel = "N",
            split = ",",
            defaultValue = "5,20,60",
            description = "How many paragraphs a context has (default: ${DEFAULT-VALUE}).")
    private List<Integer> paragraphs;

    @Option(
            names = "--others",
            paramLabel = "KIND",
            split = ",",
            defaultValue = "random,neighbours",
            description =
                    "Which paragraphs stand beside the right one: random ones of all files, or its neighbours in its"
                            + " file (default: ${DEFAULT-VALUE}).")
    private List<JoinedContext.Others> others;

    @Option(
            names = "--cases",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many contexts of each sort in a draw (default: ${DEFAULT-VALUE}).")
    private int cases;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often they are drawn (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Other numbers draw other contexts (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--device", paramLabel = "D", defaultValue = "auto", description = "The device (default: auto).")
    private String device;

    @Option(names = "--device-option", paramLabel = "NAME=VALUE", description = "A setting of the device.")
    private Map<String, String> deviceOptions = new LinkedHashMap<>();

    private final PrintStream out;
    private final PrintStream err;

    /** The ways that are compared. */
    private enum Way {
        PIPELINE,
        ONE_SEQUENCE,
        SECOND_READING
    }

    private JoinedContexts(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Measures and ends the process, with the statuses of {@link Benchmarks#main}.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) {
        Benchmarks.logWarnings();
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Benchmarks.execute(new CommandLine(new JoinedContexts(out, err)), err, arguments);
    }

    @Override
    public Integer call() {
        requirePositive();
        List<List<AnsweredQuestion>> files =
                data.stream().map(AnsweredQuestion::read).toList();
        DeviceOptions options = RememberingDeviceProvider.of(device, deviceOptions);
        Checkpoint checkpoint = Checkpoint.load(model, "main", HubOptions::fromEnvironment);
        Table table = new Table(
                "<others",
                "paragraphs",
                "cases",
                "windows",
                "pipeline",
                "one sequence",
                "<gain",
                "second reading",
                "<gain",
                "windows more");
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model(model)
                        .device(RememberingDeviceProvider.NAME)
                        .deviceOptions(options)
                        .build();
                PipelineAnswerer pipeline =
                        PipelineAnswerer.open(checkpoint, RememberingDeviceProvider.NAME, options)) {
            for (JoinedContext.Others kind : others) {
                for (int count : paragraphs) {
                    List<JoinedContext> contexts = new ArrayList<>();
                    for (int draw = 0; draw < draws; draw++) {
                        Random random = new Random(31 * (31 * seed + draw) + count);
                        contexts.addAll(JoinedContext.draw(files, kind, count, cases, random));
                    }
                    err.println(
                            "benchmarks: " + contexts.size() + " contexts of " + count + " paragraphs, " + name(kind));
                    table.add(row(kind, count, new Scores(contexts, answerer, pipeline)));
                }
            }
        }
        out.print(table.markdown());
        out.println();
        out.println(
                "F1 in percent; gains over the pipeline's way on the same contexts, 95 % intervals by paired bootstrap; "
                        + draws + " draws.");
        return 0;
    }

    private void requirePositive() {
        if (cases < 1 || draws < 1 || paragraphs.stream().anyMatch(count -> count < 1)) {
            throw new BenchmarkException("--cases, --draws and --paragraphs must be at least 1");
        }
    }

    private static String name(JoinedContext.Others kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String[] row(JoinedContext.Others kind, int paragraphs, Scores scores) {
        return new String[] {
            name(kind),
            String.valueOf(paragraphs),
            String.valueOf(scores.contexts.size()),
            format(scores.windows.get(Way.ONE_SEQUENCE)),
            format(scores.mean(Way.PIPELINE)),
            format(scores.mean(Way.ONE_SEQUENCE)),
            scores.gain(Way.ONE_SEQUENCE),
            format(scores.mean(Way.SECOND_READING)),
            scores.gain(Way.SECOND_READING),
            format(scores.windows.get(Way.SECOND_READING) - scores.windows.get(Way.ONE_SEQUENCE))
        };
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** The F1 of each way for each context, and how many windows a context has. */
    private static final class Scores {
        private final List<JoinedContext> contexts;
        private final Map<Way, double[]> f1 = new EnumMap<>(Way.class);
        private final Map<Way, Double> windows = new EnumMap<>(Way.class);

        Scores(List<JoinedContext> contexts, QuestionAnswerer answerer, PipelineAnswerer pipeline) {
            this.contexts = contexts;
            f1.put(Way.PIPELINE, new double[contexts.size()]);
            for (int i = 0; i < contexts.size(); i++) {
                JoinedContext context = contexts.get(i);
                f1.get(Way.PIPELINE)[i] = f1(pipeline.answer(context.question(), context.context()), context.answers());
            }
            measure(Way.ONE_SEQUENCE, answerer, false);
            measure(Way.SECOND_READING, answerer, true);
        }

        private void measure(Way way, QuestionAnswerer answerer, boolean secondReading) {
            double[] scores = new double[contexts.size()];
            long before = answerer.statistics().windows();
            for (int from = 0; from < scores.length; from += REQUESTS_AT_ONCE) {
                List<JoinedContext> some = contexts.subList(from, Math.min(scores.length, from + REQUESTS_AT_ONCE));
                List<QuestionRequest> requests = some.stream()
                        .map(context -> QuestionRequest.of(context.question(), context.context())
                                .withSecondReading(secondReading))
                        .toList();
                int at = from;
                for (var answers : answerer.answerAll(requests)) {
                    scores[at] = f1(answers.get(0).text(), contexts.get(at).answers());
                    at++;
                }
            }
            f1.put(way, scores);
            windows.put(way, (double) (answerer.statistics().windows() - before) / scores.length);
        }

        private static double f1(String answer, List<String> right) {
            return right.stream()
                    .mapToDouble(text -> 100 * SquadMetric.f1(answer, text))
                    .max()
                    .orElseThrow();
        }

        double mean(Way way) {
            return Arrays.stream(f1.get(way)).average().orElseThrow();
        }

        String gain(Way way) {
            PairedBootstrap gain = PairedBootstrap.of(f1.get(way), f1.get(Way.PIPELINE));
            return String.format(Locale.ROOT, "%+.1f (%+.1f..%+.1f)", gain.difference(), gain.low(), gain.high());
        }
    }
}
