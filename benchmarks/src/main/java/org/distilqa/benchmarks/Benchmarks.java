package org.distilqa.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.contender.MeasuredModel;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.contender.TemporaryFolder;
import org.distilqa.benchmarks.measurement.NetworkMeasurement;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.measurement.QuestionsMeasurement;
import org.distilqa.benchmarks.measurement.QuestionsResults;
import org.distilqa.benchmarks.measurement.StartMeasurement;
import org.distilqa.benchmarks.measurement.StartResults;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.benchmarks.report.Machine;
import org.distilqa.benchmarks.report.ModelResults;
import org.distilqa.benchmarks.report.Report;
import org.distilqa.benchmarks.report.ResultFiles;
import org.distilqa.benchmarks.report.Results;
import org.distilqa.benchmarks.service.ServiceMeasurement;
import org.distilqa.benchmarks.service.ServiceResults;
import org.distilqa.benchmarks.study.CollectionCommand;
import org.distilqa.benchmarks.study.JoinedContextsCommand;
import org.distilqa.benchmarks.subject.ContenderProcesses;
import org.distilqa.benchmarks.worker.JavaCommand;
import org.distilqa.cli.io.FileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program that measures; {@code benchmarks/run} starts it. */
@Command(
        name = "benchmarks/run",
        description =
                "Measures DistilQA's devices beside ONNX Runtime, DJL, OpenVINO and transformers on the same models and inputs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        commandListHeading = "Instead of speed:%n",
        subcommands = {JoinedContextsCommand.class, CollectionCommand.class})
final class Benchmarks implements Callable<Integer> {
    /** The checkout's root, which the launcher tells. */
    private static final Path CHECKOUT = Path.of(System.getProperty("distilqa.benchmarks.home", "."));

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            split = ",",
            description =
                    "A checkpoint's folder, or \"bundled\", the model of the artifact distilqa-bundled-model (default:"
                            + " ${DEFAULT-VALUE}). Several are measured one after another; of a service, the first.",
            defaultValue = QuestionAnswerer.BUNDLED_MODEL)
    private List<String> models;

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description = "The Python that openvino and transformers run in, with the packages of"
                    + " benchmarks/requirements.txt (default: ${DEFAULT-VALUE}).",
            defaultValue = "python3")
    private String pythonExecutable;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "The questions, in SQuAD's format (default: ../shared/squad/xquad.en.json, beside the checkout).")
    private Path data = CHECKOUT.resolve("../shared/squad/xquad.en.json").normalize();

    @Option(
            names = "--contenders",
            paramLabel = "C",
            split = ";",
            description = "Who takes part: devices with their options, djl, openvino and transformers, such as"
                    + " \"cpu;onnxruntime,graph=fused;openvino,precision=int8\" (default: every device of ours that is available,"
                    + " ONNX Runtime with each of its graphs, DJL with the faster of them, and what Python has the packages of,"
                    + " each in every precision that it has here).")
    private List<String> contenders;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description =
                    "Only some parts: logits (the network alone), questions, cold (beginnings), service (questions"
                            + " beside a book).")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--shapes",
            paramLabel = "BxS",
            split = ",",
            defaultValue = "1x32,1x128,1x384,8x128,8x384",
            description = "Batches for the network alone, sequences x tokens (default: ${DEFAULT-VALUE}).")
    private List<String> shapes;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of the network alone (default: 5).")
    private Integer rounds;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many questions, evenly spread over the file (default: 256).")
    private Integer limit;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where results.json, results.md, the charts and service.svg go (default: benchmarks/target/results).")
    private Path output = CHECKOUT.resolve("benchmarks/target/results");

    @Option(
            names = "--quick",
            description = "Little of everything, to see that it works; the figures are worth nothing.")
    private boolean quick;

    /** What can be measured. */
    enum Part {
        /** The network alone. */
        LOGITS,
        /** Whole questions. */
        QUESTIONS,
        /** Beginnings. */
        COLD,
        /** Questions beside a book. */
        SERVICE
    }

    /**
     * Measures and ends the process: with 0 if it went well, 2 if the arguments are wrong, 1 for every other failure.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) {
        // Before the first logger is made.
        if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        }
        System.exit(commandLine().execute(arguments));
    }

    /** The program, which says in one line what is wrong. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Benchmarks());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((exception, arguments) -> {
            commandLine.getErr().println("benchmarks: " + exception.getMessage() + " (--help lists the options)");
            return 2;
        });
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            boolean forPeople = exception instanceof BenchmarkException
                    || exception instanceof QuestionAnsweringException
                    || exception instanceof FileException;
            commandLine.getErr().println("benchmarks: " + (forPeople ? exception.getMessage() : exception.toString()));
            if (!forPeople) {
                exception.printStackTrace(commandLine.getErr());
            }
            return 1;
        });
        return commandLine;
    }

    @Override
    public Integer call() {
        List<InputShape> batches = shapes.stream().map(InputShape::parse).toList();
        Extent extent = extent();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Python python = Python.find(pythonExecutable, folder.path());
            ContenderChoice choice = new ContenderChoice(Optional.ofNullable(contenders), python, this::progress);
            List<ModelResults> results = new ArrayList<>();
            if (!only.equals(Set.of(Part.SERVICE))) {
                List<Contender> all = choice.all();
                requireData(PeerFiles.needsCalibration(all));
                List<MeasuredModel> measured = models.stream()
                        .map(model -> MeasuredModel.open(model, folder.path()))
                        .toList();
                for (MeasuredModel model : measured) {
                    results.add(measure(model, choice, all, python, batches, extent));
                }
            }
            write(new Results(
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Machine.current(),
                    JavaCommand.options(),
                    results,
                    measured(Part.SERVICE, () -> service(choice.service(), extent))));
        }
        return 0;
    }

    private ModelResults measure(
            MeasuredModel model,
            ContenderChoice choice,
            List<Contender> all,
            Python python,
            List<InputShape> batches,
            Extent extent) {
        progress("measuring " + model.title());
        List<Contender> networks =
                all.stream().filter(contender -> !contender.isDjl()).toList();
        List<Question> asked = only.contains(Part.QUESTIONS) ? Question.read(data, extent.questions()) : List.of();
        try (TemporaryFolder peers = new TemporaryFolder()) {
            PeerFiles.make(model, all, data, asked, python, peers.path(), this::progress);
            ContenderProcesses processes =
                    new ContenderProcesses(model, peers.path(), python, data, extent.questions());
            Optional<NetworkResults> network = networks.isEmpty()
                    ? Optional.empty()
                    : measured(
                            Part.LOGITS,
                            () -> new NetworkMeasurement(processes, networks, batches, extent.pace(), this::progress)
                                    .measure());
            List<Contender> answerers = choice.answerers(all, network);
            Optional<QuestionsResults> questions = measured(
                    Part.QUESTIONS,
                    () -> new QuestionsMeasurement(
                                    processes, asked.size(), extent.warmUpQuestions(), answerers, this::progress)
                            .measure());
            InputShape last = batches.get(batches.size() - 1);
            Optional<StartResults> starts = measured(
                    Part.COLD,
                    () -> new StartMeasurement(processes, networks, answerers, last, extent.starts(), this::progress)
                            .measure());
            return new ModelResults(model.title(), network, questions, starts);
        }
    }

    private <R> Optional<R> measured(Part part, Supplier<R> measurement) {
        return only.contains(part) ? Optional.of(measurement.get()) : Optional.empty();
    }

    private ServiceResults service(Contender contender, Extent extent) {
        requireData(true);
        return new ServiceMeasurement(models.get(0), data, contender, extent.service(), this::progress).measure();
    }

    private Extent extent() {
        Extent extent = quick ? Extent.QUICK : Extent.FULL;
        if (rounds != null) {
            extent = extent.withRounds(positive("--rounds", rounds));
        }
        if (limit != null) {
            extent = extent.withQuestions(positive("--limit", limit));
        }
        return extent;
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new BenchmarkException(option + " is " + value + "; it must be at least 1");
        }
        return value;
    }

    private void requireData(boolean forPeers) {
        boolean needed = forPeers || only.contains(Part.QUESTIONS) || only.contains(Part.SERVICE);
        if (needed && !Files.isRegularFile(data)) {
            throw new BenchmarkException(data + ": there is no such file; --data names a file in SQuAD's format");
        }
    }

    private void progress(String line) {
        spec.commandLine().getErr().println(line);
    }

    private void write(Results results) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(Report.text(results));
        out.flush();
        List<String> written = ResultFiles.write(results, output);
        progress(String.join(", ", written) + ": written to " + output.toAbsolutePath());
    }
}
