package org.distilqa.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the manual. */
@Command(name = "man", description = "Prints the manual as a man page: distilqa man | man -l -")
public final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    ManCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(ManPage.of(DistilQa.whole().getCommandSpec()));
        return 0;
    }
}
