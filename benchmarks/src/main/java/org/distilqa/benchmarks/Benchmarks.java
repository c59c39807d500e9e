package org.distilqa.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.cli.io.FileException;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program that measures; {@code benchmarks/run} starts it. */
@Command(
        name = "benchmarks/run",
        description =
                "Measures DistilQA's devices beside ONNX Runtime, DJL, OpenVINO and transformers on the same models and inputs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class Benchmarks implements Callable<Integer> {
    /** The checkout's root, which the launcher tells. */
    private static final Path CHECKOUT = Path.of(System.getProperty("distilqa.benchmarks.home", "."));

    /** Devices that are only there to compare with, and the examples' device, which is there to be read. */
    private static final Set<String> NOT_OURS =
            Set.of(OnnxRuntimeDeviceProvider.NAME, RememberingDeviceProvider.NAME, "plain");

    private static final List<String> PYTHON_CONTENDERS = List.of(
            "openvino,precision=float32",
            "openvino,precision=bfloat16",
            "openvino,precision=int8",
            "transformers,precision=float32",
            "transformers,precision=bfloat16");

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

    private Python python;
    private final PrintStream out;
    private final PrintStream err;

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
     * How much is measured.
     *
     * @param pace how long the network alone takes
     * @param questions how many questions
     * @param warmUpQuestions how many of them are answered before
     * @param starts how often each contender starts
     * @param service how much is asked of a service
     */
    private record Extent(
            NetworkMeasurement.Pace pace,
            int questions,
            int warmUpQuestions,
            int starts,
            ServiceMeasurement.Extent service) {
        static final Extent FULL = new Extent(
                new NetworkMeasurement.Pace(5, 1.5, 0.6, 3, 0.5), 256, 32, 3, ServiceMeasurement.Extent.FULL);
        static final Extent QUICK =
                new Extent(new NetworkMeasurement.Pace(2, 0.2, 0.2, 1, 0.1), 16, 8, 1, ServiceMeasurement.Extent.QUICK);
    }

    private Benchmarks(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Measures and ends the process: with 0 if it went well, 2 if the arguments are wrong, 1 for every other failure.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) {
        logWarnings();
        System.exit(run(System.out, System.err, arguments));
    }

    /** Logs warnings alone, if nothing else was asked for. Before the first logger is made. */
    static void logWarnings() {
        if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        }
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return execute(new CommandLine(new Benchmarks(out, err)), err, arguments);
    }

    /** Runs a command and says in one line what is wrong. */
    static int execute(CommandLine commandLine, PrintStream err, String... arguments) {
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((exception, args) -> {
            err.println("benchmarks: " + exception.getMessage() + " (--help lists the options)");
            return 2;
        });
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            boolean forPeople = exception instanceof BenchmarkException
                    || exception instanceof QuestionAnsweringException
                    || exception instanceof FileException;
            err.println("benchmarks: " + (forPeople ? exception.getMessage() : exception.toString()));
            if (!forPeople) {
                exception.printStackTrace(err);
            }
            return 1;
        });
        return commandLine.execute(arguments);
    }

    @Override
    public Integer call() {
        List<InputShape> batches = shapes.stream().map(InputShape::parse).toList();
        Extent extent = extent();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            python = Python.find(pythonExecutable, folder.path());
            List<Contender> chosen = chosen();
            chosen.forEach(this::requirePython);
            requireData(chosen);
            List<MeasuredModel> measured = models.stream()
                    .map(model -> MeasuredModel.open(model, folder.path()))
                    .toList();
            List<ModelResults> results = new ArrayList<>();
            if (!only.equals(Set.of(Part.SERVICE))) {
                for (MeasuredModel model : measured) {
                    try (TemporaryFolder peers = new TemporaryFolder()) {
                        results.add(measure(model, chosen, batches, extent, peers.path()));
                    }
                }
            }
            Optional<ServiceResults> service =
                    only.contains(Part.SERVICE) ? Optional.of(service(extent.service())) : Optional.empty();
            write(new Results(
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Machine.current(),
                    WorkerProcess.jvmOptions(),
                    results,
                    service));
        }
        return 0;
    }

    private ModelResults measure(
            MeasuredModel model, List<Contender> chosen, List<InputShape> batches, Extent extent, Path folder) {
        err.println("measuring " + model.title());
        List<Contender> networks =
                chosen.stream().filter(contender -> !contender.isDjl()).toList();
        List<Question> asked = only.contains(Part.QUESTIONS) ? Question.read(data, extent.questions()) : List.of();
        PeerFiles.make(model, chosen, data, asked, python, folder, err::println);
        ContenderProcesses processes = new ContenderProcesses(model, folder, python, data, extent.questions());
        Optional<NetworkResults> network = only.contains(Part.LOGITS) && !networks.isEmpty()
                ? Optional.of(
                        new NetworkMeasurement(processes, networks, batches, extent.pace(), err::println).measure())
                : Optional.empty();
        List<Contender> answerers = contenders == null ? answerers(chosen, network) : chosen;
        Optional<QuestionsResults> questions = only.contains(Part.QUESTIONS)
                ? Optional.of(new QuestionsMeasurement(
                                processes,
                                asked.size(),
                                extent.warmUpQuestions(),
                                answerers,
                                python::canAnswer,
                                err::println)
                        .measure())
                : Optional.empty();
        Optional<StartResults> starts = only.contains(Part.COLD)
                ? Optional.of(new StartMeasurement(
                                processes,
                                networks,
                                answerers.stream().filter(python::canAnswer).toList(),
                                batches.get(batches.size() - 1),
                                extent.starts(),
                                err::println)
                        .measure())
                : Optional.empty();
        return new ModelResults(model.title(), network, questions, starts);
    }

    private List<Contender> chosen() {
        if (contenders != null) {
            return given();
        }
        return only.equals(Set.of(Part.SERVICE)) ? List.of() : defaultContenders();
    }

    /** On the first of our own devices that is named, or on the one that a user gets. */
    private ServiceResults service(ServiceMeasurement.Extent extent) {
        Contender contender = contenders == null
                ? new Contender(Devices.AUTO, DeviceOptions.none())
                : given().stream()
                        .filter(given -> !given.isPeer())
                        .findFirst()
                        .orElseThrow(() -> new BenchmarkException("--only service needs a device of ours"));
        return new ServiceMeasurement(models.get(0), data, contender, extent, err::println).measure();
    }

    private Extent extent() {
        Extent base = quick ? Extent.QUICK : Extent.FULL;
        NetworkMeasurement.Pace pace = base.pace();
        return new Extent(
                new NetworkMeasurement.Pace(
                        rounds == null ? pace.rounds() : positive("--rounds", rounds),
                        pace.warmUpSeconds(),
                        pace.seconds(),
                        pace.minimumRuns(),
                        pace.peakSeconds()),
                limit == null ? base.questions() : positive("--limit", limit),
                base.warmUpQuestions(),
                base.starts(),
                base.service());
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new BenchmarkException(option + " is " + value + "; it must be at least 1");
        }
        return value;
    }

    private List<Contender> given() {
        Set<Contender> given = new LinkedHashSet<>();
        for (String text : contenders) {
            if (!given.add(Contender.parse(text))) {
                throw new BenchmarkException("contender \"" + text + "\" is named twice");
            }
        }
        return List.copyOf(given);
    }

    private List<Contender> defaultContenders() {
        List<Contender> chosen = new ArrayList<>();
        for (DeviceProvider provider : Devices.providers()) {
            if (provider.availability().available() && !NOT_OURS.contains(provider.name())) {
                Contender contender = Contender.parse(provider.name());
                chosen.add(contender);
                if (contender.isOneDnn()) {
                    Stream.of("bfloat16", "int8")
                            .map(precision -> contender.with("precision", precision))
                            .filter(this::opens)
                            .forEach(chosen::add);
                }
            }
        }
        for (String graph : List.of("plain", "fused", "int8")) {
            chosen.add(Contender.parse(OnnxRuntimeDeviceProvider.NAME).with("graph", graph));
        }
        chosen.add(Contender.parse(Contender.DJL));
        for (String peer : PYTHON_CONTENDERS) {
            Contender contender = Contender.parse(peer);
            String missing = python.missing(contender);
            if (missing.isEmpty()) {
                chosen.add(contender);
            } else {
                err.println(contender + " is left out: " + missing);
            }
        }
        return chosen;
    }

    private void requirePython(Contender contender) {
        String missing = contender.isPython() ? python.missing(contender) : "";
        if (!missing.isEmpty()) {
            throw new BenchmarkException(contender + ": " + missing);
        }
    }

    /** Whether a device can be opened like this here: a processor may be too old for a precision. */
    private boolean opens(Contender contender) {
        try {
            Devices.open(contender.name(), contender.options()).close();
            return true;
        } catch (DeviceUnavailableException e) {
            err.println(contender + " is left out: " + e.getMessage());
            return false;
        }
    }

    /** Ours, ONNX Runtime with the graph that it runs fastest, and DJL with the same. */
    private static List<Contender> answerers(List<Contender> chosen, Optional<NetworkResults> network) {
        Contender fastest = network.flatMap(results -> {
                    InputShape largest = results.shapes().get(results.shapes().size() - 1);
                    return results.rows().stream()
                            .filter(row -> row.shape().equals(largest))
                            .filter(row -> row.contender().isOnnxRuntime())
                            .filter(row -> row.contender().precision().equals("float32"))
                            .min(Comparator.comparingDouble(NetworkResults.Row::median))
                            .map(NetworkResults.Row::contender);
                })
                .orElse(Contender.parse(OnnxRuntimeDeviceProvider.NAME).with("graph", "fused"));
        List<Contender> answerers = new ArrayList<>();
        chosen.stream().filter(contender -> !contender.isPeer()).forEach(answerers::add);
        answerers.add(fastest);
        answerers.add(Contender.parse(Contender.DJL)
                .with("graph", fastest.options().get("graph").orElseThrow()));
        chosen.stream().filter(Contender::isPython).forEach(answerers::add);
        return answerers;
    }

    private void requireData(List<Contender> chosen) {
        boolean needed =
                only.contains(Part.QUESTIONS) || only.contains(Part.SERVICE) || PeerFiles.needsCalibration(chosen);
        if (needed && !Files.isRegularFile(data)) {
            throw new BenchmarkException(data + ": there is no such file; --data names a file in SQuAD's format");
        }
    }

    private void write(Results results) {
        out.print(Report.text(results));
        out.flush();
        try {
            Files.createDirectories(output);
            Files.writeString(output.resolve("results.json"), ResultsJson.of(results));
            Files.writeString(output.resolve("results.md"), Report.markdown(results));
            List<String> written = new ArrayList<>(List.of("results.json", "results.md"));
            for (ModelResults model : results.models()) {
                if (model.network().isPresent()) {
                    String chart = "chart-" + model.model() + ".svg";
                    Files.writeString(
                            output.resolve(chart), Chart.svg(model.network().get(), model.model(), results.machine()));
                    written.add(chart);
                }
            }
            if (results.service().isPresent()) {
                Files.writeString(
                        output.resolve("service.svg"),
                        ServiceChart.svg(results.service().get(), results.machine()));
                written.add("service.svg");
            }
            err.println(String.format(
                    Locale.ROOT, "%s: written to %s", String.join(", ", written), output.toAbsolutePath()));
        } catch (IOException e) {
            throw new BenchmarkException(output + ": the results cannot be written: " + e.getMessage(), e);
        }
    }
}
