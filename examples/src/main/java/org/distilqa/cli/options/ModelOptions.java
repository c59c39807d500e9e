package org.distilqa.cli.options;

import org.distilqa.QuestionAnswerer;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which model, and which revision of it. */
public final class ModelOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = QuestionAnswerer.BUNDLED_MODEL,
            description =
                    "The model: a directory in the Hugging Face layout, or the id of a repository on the hub. Without it, "
                            + QuestionAnswerer.BUNDLED_MODEL + ": the model that comes with this program.")
    private String model;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            defaultValue = "main",
            description = "Branch, tag or commit of a repository on the hub (default: ${DEFAULT-VALUE}).")
    private String revision;

    ModelOptions() {}

    /**
     * What answers with the model.
     *
     * @return a builder
     */
    public QuestionAnswerer.Builder builder() {
        return QuestionAnswerer.builder().model(model).revision(revision);
    }

    /**
     * The model's network by itself.
     *
     * @return the checkpoint, which the caller closes
     * @throws org.distilqa.QuestionAnsweringException if there is no such model, or it cannot be read
     */
    public Checkpoint load() {
        return Checkpoint.load(model, revision, HubOptions::fromEnvironment);
    }

    /** Says once the model is there, on standard error, if nobody chose it: what it answers should not be taken for more. */
    public void sayIfNotChosen() {
        if (!command.commandLine().getParseResult().hasMatchedOption("--model")) {
            command.commandLine()
                    .getErr()
                    .println("distilqa: answering with the bundled model; a larger one, downloaded once, is --model "
                            + QuestionAnswerer.DEFAULT_MODEL);
        }
    }
}
