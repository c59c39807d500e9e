package org.distilqa.examples;

import org.distilqa.QuestionAnswerer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which model, and which revision of it. */
final class ModelOptions {
    static final String DESCRIPTION =
            "The model: a directory in the Hugging Face layout, or the id of a repository on the hub.";

    /** For the commands that do without the option. */
    static final String DESCRIPTION_WITH_DEFAULT = DESCRIPTION + " Without it, " + QuestionAnswerer.BUNDLED_MODEL
            + ": the model that comes with this program.";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            defaultValue = "main",
            description = "Branch, tag or commit of a repository on the hub (default: ${DEFAULT-VALUE}).")
    private String revision;

    String revision() {
        return revision;
    }

    QuestionAnswerer.Builder builder(String model) {
        return QuestionAnswerer.builder().model(model).revision(revision);
    }

    /** Says once the model is there, on standard error, if nobody chose it: what it answers should not be taken for more. */
    void sayIfNotChosen() {
        if (!command.commandLine().getParseResult().hasMatchedOption("--model")) {
            command.commandLine()
                    .getErr()
                    .println("distilqa: answering with the bundled model; a larger one, downloaded once, is --model "
                            + QuestionAnswerer.DEFAULT_MODEL);
        }
    }
}
