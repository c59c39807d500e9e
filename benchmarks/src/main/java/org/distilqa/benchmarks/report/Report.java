package org.distilqa.benchmarks.report;

import java.util.Locale;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.Samples;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.service.ServiceResults;
import org.distilqa.benchmarks.service.ServiceSubject;
import org.distilqa.benchmarks.subject.Answerer;

/** The results for a person: the machine, the settings, the tables, and what their columns mean. */
public final class Report {
    private final Results results;
    private final boolean markdown;
    private final StringBuilder text = new StringBuilder();

    private Report(Results results, boolean markdown) {
        this.results = results;
        this.markdown = markdown;
    }

    /** For a terminal. */
    public static String text(Results results) {
        return new Report(results, false).write();
    }

    /** In GitHub's Markdown. */
    public static String markdown(Results results) {
        return new Report(results, true).write();
    }

    private String write() {
        heading("Machine");
        paragraph(results.machine().description() + ". Measured at " + results.time() + ".");
        paragraph("Every contender's JVM: " + String.join(" ", results.jvmOptions()));
        heading("Contenders");
        contenders();
        for (ModelResults model : results.models()) {
            summary(model);
            model.network().ifPresent(network -> network(model.model(), network));
            model.questions().ifPresent(questions -> questions(model.model(), questions));
            model.starts().ifPresent(starts -> starts(model.model(), starts));
        }
        results.service().ifPresent(this::service);
        return text.toString();
    }

    private void contenders() {
        results.contenders().forEach((contender, ready) -> {
            StringBuilder settings = new StringBuilder();
            ready.settings()
                    .forEach((name, value) -> settings.append(settings.isEmpty() ? "" : "; ")
                            .append(name)
                            .append(": ")
                            .append(value));
            text.append("- ")
                    .append(contender.label())
                    .append(": ")
                    .append(ready.description())
                    .append(". ")
                    .append(settings)
                    .append('\n');
        });
    }

    /** What is looked at first. */
    private void summary(ModelResults model) {
        model.network().filter(Summary::hasOurs).ifPresent(network -> {
            heading("In short: " + model.model() + ", milliseconds");
            add(Summary.shapes(network));
            paragraph(
                    "Batch x tokens, the network alone. The best peer is the one of the precision that was fastest at the"
                            + " shape; times as fast is ours to the best peer, in the order of our columns.");
        });
        if (model.questions().isPresent()) {
            heading("In short: " + model.model() + ", questions a second");
            add(Summary.questions(model.questions().get(), model.starts()));
            model.starts()
                    .ifPresent(starts -> paragraph(
                            "The memory is a process's that runs the network alone at " + starts.memoryShape() + "."));
        }
    }

    private void network(String model, NetworkResults network) {
        heading("The network alone: " + model);
        add(networkTable(network));
        network.peaks()
                .forEach((precision, rounds) -> paragraph("The peak in " + precision + ", "
                        + Figures.optional(network.peak(precision), Figures::three)
                        + " GFLOPS, is what all cores together multiply and add in registers"
                        + (network.instructions().containsKey(precision)
                                ? " (" + network.instructions().get(precision) + ")"
                                : "")
                        + ", the best of "
                        + rounds.size()
                        + " rounds."));
        paragraph(
                "The ratio is to the best peer of the same precision: the median over the rounds of the peer's median time"
                        + " in a round divided by this one's in the same round. Above 1 is faster than the peer.");
        StringBuilder differences = new StringBuilder();
        network.differences()
                .forEach((contender, difference) -> differences
                        .append(differences.isEmpty() ? "" : ", ")
                        .append(contender.label())
                        .append(' ')
                        .append(String.format(Locale.ROOT, "%.1e", difference)));
        if (!differences.isEmpty()) {
            paragraph("Largest difference of a logit from the first float32 contender's: " + differences + ".");
        }
    }

    private static Table networkTable(NetworkResults network) {
        Table table = new Table(
                "<shape", "<contender", "<precision", "median ms", "p99 ms", "GFLOPS", "of peak", "ratio to best peer");
        for (NetworkResults.Row row : network.rows()) {
            table.add(
                    row.shape().toString(),
                    row.contender().label(),
                    row.contender().precision(),
                    Figures.three(row.median()),
                    Figures.three(row.p99()),
                    Figures.three(row.gflops()),
                    Figures.percent(network.shareOfPeak(row)),
                    Figures.ratio(row.ratio()));
        }
        return table;
    }

    private void questions(String model, QuestionsResults questions) {
        heading("Whole questions: " + model);
        Table table = new Table(
                "<contender",
                "<questions",
                "<precision",
                "questions per second",
                "median ms",
                "p99 ms",
                "peak resident MB",
                "ratio to best peer",
                "ratio to best network alone");
        for (QuestionsResults.Row row : questions.rows()) {
            boolean single = row.single().length > 0;
            table.add(
                    row.contender().label(),
                    row.mode().description(),
                    row.contender().precision(),
                    Figures.three(questions.questionsPerSecond(row)),
                    single ? Figures.three(Samples.median(row.single())) : Figures.NONE,
                    single ? Figures.three(Samples.percentile(99, row.single())) : Figures.NONE,
                    Figures.optional(questions.memory(row.contender()), Figures::megabytes),
                    Figures.ratio(row.ratio()),
                    Figures.ratio(row.ratioToNetwork()));
        }
        add(table);
        paragraph(questions.questions() + " questions, from text to text, in batches of " + Answerer.BATCH_SIZE
                + " or one at a time; or the network alone: their windows, tokenised beforehand, in batches sorted by length. ONNX"
                + " Runtime runs behind DistilQA's tokenizer, windows and decoding, OpenVINO behind the tokenizer that transformers"
                + " has and an argmax; DJL is its own QuestionAnsweringTranslator, transformers its own pipeline. The ratios are"
                + " medians over the parts of the questions, to peers of the same precision: to the best of all their ways, or,"
                + " one at a time, to the best one at a time, or, the network alone, to the best network alone; and, whatever is"
                + " asked, to the best network alone. One process answers in all ways of a contender; the memory is its peak"
                + " after them. A context longer than 384 tokens is read in several windows; DJL cuts it off.");
    }

    private void starts(String model, StartResults starts) {
        heading("Beginnings: " + model);
        Table table = new Table("<contender", "load ms", "peak resident MB", "first answer of a new process, ms");
        for (StartResults.Row row : starts.rows()) {
            table.add(
                    row.contender().label(),
                    Figures.optional(row.load(), Figures::three),
                    Figures.optional(row.memory(), Figures::megabytes),
                    Figures.optional(row.firstAnswer(), Figures::three));
        }
        add(table);
        paragraph(
                "Each in a process that does nothing else; medians. Load is from nothing to a network that is ready to run;"
                        + " memory is the whole process's (JVM and heap as the JVM sizes it, or Python), while it runs "
                        + starts.memoryShape() + ".");
    }

    private void service(ServiceResults service) {
        heading("In a service");
        Table table = new Table(
                "<questions of one window",
                "questions",
                "p50 ms",
                "p90 ms",
                "p99 ms",
                "max ms",
                "questions per second",
                "windows of the book per second");
        for (ServiceResults.Row row : service.rows()) {
            table.add(
                    row.way(),
                    String.valueOf(row.milliseconds().length),
                    Figures.three(row.percentile(50)),
                    Figures.three(row.percentile(90)),
                    Figures.three(row.percentile(99)),
                    Figures.three(row.percentile(100)),
                    Figures.three(row.questionsPerSecond()),
                    row.bookWindows() == 0 ? Figures.NONE : Figures.three(row.bookWindowsPerSecond()));
        }
        add(table);
        paragraph(service.threads() + " threads ask one question after another; the book has "
                + service.bookCharacters()
                + " characters and is asked again and again. A lone question beside it waited"
                + " for " + service.mostBatches() + " batches at most before its own ("
                + service.batches().length + " questions). With the queue full, REJECT answered in "
                + Figures.three(Samples.median(service.refusedMilliseconds())) + " ms, 99 of a hundred within "
                + Figures.three(Samples.percentile(99, service.refusedMilliseconds()))
                + ". An interrupted caller was free after "
                + Figures.three(Samples.median(service.freedMilliseconds())) + " ms, the slowest of "
                + service.freedMilliseconds().length + " after "
                + Figures.three(Samples.percentile(100, service.freedMilliseconds()))
                + ". close() under this load took "
                + Figures.three(service.closeMilliseconds()) + " ms; closeTimeout was "
                + ServiceSubject.CLOSE_TIMEOUT.toMillis() + ".");
    }

    private void heading(String heading) {
        text.append(text.isEmpty() ? "" : "\n").append(markdown ? "### " + heading + "\n" : heading + "\n");
        if (markdown) {
            text.append('\n');
        }
    }

    private void paragraph(String paragraph) {
        text.append(markdown ? "\n" + paragraph + "\n" : paragraph + "\n");
    }

    private void add(Table table) {
        text.append(markdown ? table.markdown() : table.aligned());
    }
}
