package org.distilqa.examples;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints what makes a shell complete commands, options and the names of files. */
@Command(
        name = "completion",
        description = "Prints a script that makes a shell complete this program's commands and options:"
                + " source <(distilqa completion bash)")
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SHELL",
            converter = Shell.class,
            completionCandidates = Shell.class,
            description = "bash or zsh, which has the same script.")
    private String shell;

    /** The shells there are. */
    static final class Shell implements ITypeConverter<String>, Iterable<String> {
        private static final List<String> NAMES = List.of("bash", "zsh");

        @Override
        public String convert(String name) {
            if (!NAMES.contains(name)) {
                throw new TypeConversionException("'" + name + "' is none of " + String.join(", ", NAMES));
            }
            return name;
        }

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("distilqa", DistilQa.whole()));
        return 0;
    }
}
