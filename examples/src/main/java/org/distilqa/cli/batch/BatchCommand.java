package org.distilqa.cli.batch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.distilqa.QuestionAnswerer;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.AnswerSettings;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.ProgressOption;
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
public final class BatchCommand implements Callable<Integer> {
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

    @Mixin
    private ModelOptions model;

    @Mixin
    private AnswerSettings settings;

    @Mixin
    private ProgressOption progress;

    @Mixin
    private DeviceChoice device;

    BatchCommand() {}

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
                answer(rows, answers);
            }
            err.println("distilqa: " + answers.summary());
        }
        return 0;
    }

    private void answer(BatchRows rows, BatchOutput answers) {
        try (QuestionAnswerer answerer = device.builder(model).build();
                ProgressBar bar = progress.bar("rows")) {
            model.sayIfNotChosen();
            new Batch(answerer, settings, rows, answers, bar).run();
        }
    }
}
