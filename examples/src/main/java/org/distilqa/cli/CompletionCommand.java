package org.distilqa.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.distilqa.cli.options.Choice;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands, options and the names of files. */
@Command(
        name = "completion",
        description = "Prints a script that makes a shell complete this program's commands and options:"
                + " source <(distilqa completion bash)")
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SHELL",
            converter = Shell.class,
            completionCandidates = Shell.class,
            description = "bash or zsh, which has the same script.")
    private String shell;

    private static final class Shell extends Choice<String> {
        private Shell() {
            super(List.of("bash", "zsh"), Function.identity());
        }
    }

    CompletionCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("distilqa", DistilQa.whole()));
        return 0;
    }
}
