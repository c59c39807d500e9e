package org.distilqa.cli.options;

import java.io.PrintWriter;
import org.distilqa.cli.io.ProgressBar;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --progress}. */
public final class ProgressOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--progress", description = "Say how far it is on standard error, also where that is no terminal.")
    private boolean asked;

    ProgressOption() {}

    /**
     * Whether progress is wanted where there is no terminal too.
     *
     * @return whether the option was given
     */
    public boolean asked() {
        return asked;
    }

    /**
     * A bar on the command's standard error.
     *
     * @param what what is counted, in the plural
     * @return the bar, which the caller closes
     */
    public ProgressBar bar(String what) {
        PrintWriter err = command.commandLine().getErr();
        return new ProgressBar(err, what, asked);
    }
}
