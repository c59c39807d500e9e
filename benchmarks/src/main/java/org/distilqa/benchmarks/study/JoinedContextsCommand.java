package org.distilqa.benchmarks.study;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.distilqa.QuestionAnswerer;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.report.Figures;
import org.distilqa.benchmarks.report.Table;
import org.distilqa.device.Device;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures right answers in long contexts. */
@Command(
        name = "joined",
        description = "Joins the paragraphs of question sets to long contexts, and compares the F1 of the Hugging Face"
                + " pipeline's way with ours, without and with the second reading.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
public final class JoinedContextsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions options;

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
    private List<JoinedContexts.Others> others;

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

    /** Made by picocli. */
    public JoinedContextsCommand() {}

    @Override
    public Integer call() {
        if (cases < 1 || draws < 1 || paragraphs.stream().anyMatch(count -> count < 1)) {
            throw new BenchmarkException("--cases, --draws and --paragraphs must be at least 1");
        }
        List<List<Question>> files =
                options.data().stream().map(StudyOptions::answered).toList();
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
        try (Checkpoint checkpoint = Checkpoint.load(options.model(), "main", HubOptions::fromEnvironment);
                Device device = RememberingDevice.of(options.open());
                PipelineAnswerer pipeline = PipelineAnswerer.open(checkpoint, device);
                QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model(options.model())
                        .device(device)
                        .build()) {
            for (JoinedContexts.Others kind : others) {
                for (int count : paragraphs) {
                    JoinedScores scores = JoinedScores.of(draw(files, kind, count), pipeline, answerer);
                    table.add(row(kind, count, scores));
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table.markdown());
        out.println();
        out.println(
                "F1 in percent; gains over the pipeline's way on the same contexts, 95 % intervals by paired bootstrap; "
                        + draws + " draws.");
        out.flush();
        return 0;
    }

    private List<Question> draw(List<List<Question>> files, JoinedContexts.Others kind, int count) {
        List<Question> contexts = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            Random random = new Random(31 * (31 * seed + draw) + count);
            contexts.addAll(JoinedContexts.draw(files, kind, count, cases, random));
        }
        spec.commandLine()
                .getErr()
                .println("benchmarks: " + contexts.size() + " contexts of " + count + " paragraphs, " + name(kind));
        return contexts;
    }

    private static String name(JoinedContexts.Others kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String[] row(JoinedContexts.Others kind, int paragraphs, JoinedScores scores) {
        JoinedScores.Way pipeline = scores.pipeline();
        JoinedScores.Way oneSequence = scores.oneSequence();
        JoinedScores.Way secondReading = scores.secondReading();
        return new String[] {
            name(kind),
            String.valueOf(paragraphs),
            String.valueOf(pipeline.f1().length),
            Figures.tenths(oneSequence.windows()),
            Figures.tenths(pipeline.mean()),
            Figures.tenths(oneSequence.mean()),
            gain(oneSequence, pipeline),
            Figures.tenths(secondReading.mean()),
            gain(secondReading, pipeline),
            Figures.tenths(secondReading.windows() - oneSequence.windows())
        };
    }

    private static String gain(JoinedScores.Way way, JoinedScores.Way base) {
        PairedBootstrap gain = PairedBootstrap.of(way.f1(), base.f1());
        return String.format(Locale.ROOT, "%+.1f (%+.1f..%+.1f)", gain.difference(), gain.low(), gain.high());
    }
}
