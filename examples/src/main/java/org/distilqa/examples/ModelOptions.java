package org.distilqa.examples;

import org.distilqa.QuestionAnswerer;
import picocli.CommandLine.Option;

/** Which model, and which revision of it. */
final class ModelOptions {
    static final String DESCRIPTION =
            "The model: a directory in the Hugging Face layout, or the id of a repository on the hub.";

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
}
