package org.distilqa.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.distilqa.QuestionAnswerer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers a file of questions, each with a context of its own. */
@Command(
        name = "batch",
        description =
                "Answers the questions of a file of JSON lines, {\"question\": ..., \"context\": ..., \"id\": ...}"
                        + " each, and writes a line for each, in their order. What was interrupted goes on where it was"
                        + " when it is called again.")
final class BatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "ROWS.jsonl",
            defaultValue = "-",
            description = "The questions; - for standard input, which is the default.")
    private Path input;

    @Option(
            names = "--output",
            paramLabel = "ANSWERS.jsonl",
            defaultValue = "-",
            description = "The answers; - for standard output, which is the default. Those that it has are not computed"
                    + " again.")
    private Path output;

    @Option(names = "--restart", description = "Begin again, and lose the answers that the output has.")
    private boolean restart;

    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = QuestionAnswerer.BUNDLED_MODEL,
            description = ModelOptions.DESCRIPTION_WITH_DEFAULT)
    private String model;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private AnswerSettings settings;

    @Option(names = "--progress", description = "Say how far it is on standard error, also where that is no terminal.")
    private boolean progress;

    @Mixin
    private DeviceChoice device;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (BatchRows rows = BatchRows.open(input, settings.options());
                BatchOutput answers = output.toString().equals("-")
                        ? BatchOutput.to(spec.commandLine().getOut())
                        : BatchOutput.open(output, restart)) {
            answers.skipAnswered(rows);
            if (answers.found() > 0) {
                err.println("distilqa: " + output + ": goes on after row " + answers.last());
            }
            if (rows.hasNext()) {
                answer(rows, answers, err);
            }
            err.println("distilqa: " + answers.summary());
        }
        return 0;
    }

    private void answer(BatchRows rows, BatchOutput answers, PrintWriter err) {
        try (QuestionAnswerer answerer = device.builder(model, modelOptions).build();
                ProgressBar bar = new ProgressBar(err, "rows", progress)) {
            modelOptions.sayIfNotChosen();
            new Batch(answerer, settings, rows, answers, bar).run();
        }
    }
}
