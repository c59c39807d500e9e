package org.distilqa.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.cli.batch.BatchCommand;
import org.distilqa.cli.documents.AnswerCommand;
import org.distilqa.cli.documents.AskCommand;
import org.distilqa.cli.documents.ServeCommand;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.options.RefusedOption;
import org.distilqa.cli.squad.CompareCommand;
import org.distilqa.cli.squad.SquadCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Results go to standard output, everything else to standard error. */
@Command(
        name = "distilqa",
        description = "Answers questions from text with DistilBERT.",
        mixinStandardHelpOptions = true,
        versionProvider = DistilQa.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 100)
public final class DistilQa implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(
            AnswerCommand.class,
            AskCommand.class,
            BatchCommand.class,
            DemoCommand.class,
            SquadCommand.class,
            LogitsCommand.class,
            CompareCommand.class,
            ServeCommand.class,
            DevicesCommand.class,
            CompletionCommand.class,
            ManCommand.class);

    /** Held, since Java forgets the level of a logger that nobody holds. */
    private static final Logger SEARCH_LOG = Logger.getLogger("org.apache.lucene");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, and print stack traces of failures.")
    private boolean verbose;

    private DistilQa() {}

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = DistilQa.class.getPackage().getImplementationVersion();
            return new String[] {"distilqa " + (version == null ? "(development)" : version)};
        }
    }

    /**
     * Runs a command and ends the process with its status.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        logAsAsked(arguments);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        // What a library prints must not mix with the results.
        System.setOut(System.err);
        System.exit(run(out, System.err, arguments));
    }

    /** Sets what is logged. */
    static void logAsAsked(String... arguments) {
        boolean verbose = isVerbose(arguments);
        // Before the first logger is made; what the user set wins.
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "debug" : "warn");
        // The tokenizer's binding warns of graphics cards that it has no use for.
        setDefault("org.slf4j.simpleLogger.log.ai.djl", verbose ? "info" : "error");
        logOfReaders(verbose);
        logOfServer(verbose);
    }

    private static void logOfServer(boolean verbose) {
        // It tells of what an exception tells of too.
        setDefault("org.slf4j.simpleLogger.log.io.javalin", verbose ? "info" : "off");
    }

    private static void logOfReaders(boolean verbose) {
        // They warn of fonts and of what is odd in a file; files that cannot be read are told of otherwise.
        for (String reader : List.of("org.apache.pdfbox", "org.apache.fontbox", "org.apache.poi", "org.apache.tika")) {
            setDefault("org.slf4j.simpleLogger.log." + reader, verbose ? "warn" : "off");
        }
        // The search warns that Java 17's Vector API is not for it.
        if (!verbose) {
            SEARCH_LOG.setLevel(Level.SEVERE);
        }
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Runs a command. 0 if it went well, 2 if an argument is wrong or its value out of range, 1 for every other failure. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        CommandLine commandLine = commandLine(arguments);
        commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        // A question or a context may begin with @, which is not the name of a file with arguments.
        commandLine.setExpandAtFiles(false);
        commandLine.setParameterExceptionHandler((exception, args) -> reportWrongArgument(exception, arguments));
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            Optional<ParameterException> wrongArgument = RefusedOption.in(exception, command);
            return wrongArgument.isPresent()
                    ? reportWrongArgument(wrongArgument.get(), arguments)
                    : report(exception, command.getErr(), arguments);
        });
        int status;
        try {
            status = commandLine.execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            status = report(e, commandLine.getErr(), arguments);
        }
        commandLine.getOut().flush();
        if (out.checkError() && status == 0) {
            commandLine.getErr().println("distilqa: the results could not be written to standard output");
            return 1;
        }
        return status;
    }

    /**
     * With the command that the first argument names, or with all of them if it names none: to take the options of a command from
     * its class lasts longer than many an answer.
     */
    private static CommandLine commandLine(String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        List<Class<?>> named =
                COMMANDS.stream().filter(command -> name(command).equals(first)).toList();
        return commandLine(named.isEmpty() ? COMMANDS : named);
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new DistilQa());
        commands.forEach(commandLine::addSubcommand);
        return commandLine;
    }

    /** With all commands. */
    static CommandLine whole() {
        return commandLine(COMMANDS);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int report(Throwable failure, PrintWriter err, String... arguments) {
        boolean trace = isVerbose(arguments);
        err.println("distilqa: " + oneLine(failure) + (expected(failure) || trace ? "" : " (--verbose shows where)"));
        if (trace) {
            failure.printStackTrace(err);
        }
        return 1;
    }

    private static int reportWrongArgument(ParameterException exception, String... arguments) {
        CommandLine command = exception.getCommandLine();
        String program = command.getCommandSpec().qualifiedName();
        command.getErr().println(wrongArgument(exception) + " (" + program + " --help lists the options)");
        if (isVerbose(arguments)) {
            exception.printStackTrace(command.getErr());
        }
        return 2;
    }

    private static boolean isVerbose(String... arguments) {
        return List.of(arguments).contains("--verbose");
    }

    private static String wrongArgument(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched
                && exception.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            return "there is no command \"" + unmatched.getUnmatched().get(0) + "\"; there are " + commands();
        }
        // What the parser puts before some of its messages says nothing.
        return oneLine(exception).replaceFirst("^Error: (Group: )?", "");
    }

    private static String commands() {
        return String.join(", ", COMMANDS.stream().map(DistilQa::name).toList());
    }

    private static boolean expected(Throwable exception) {
        return exception instanceof QuestionAnsweringException || exception instanceof FileException;
    }

    private static String oneLine(Throwable exception) {
        String message = exception.getMessage();
        // The message of an error alone, such as "Java heap space", does not say what it is.
        return message == null || message.isBlank() || exception instanceof Error
                ? exception.toString()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is needed: " + commands());
    }
}
