package org.distilqa.benchmarks;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program that measures; {@code benchmarks/run} starts it. */
@Command(
        name = "benchmarks/run",
        description = "Measures DistilQA's devices beside ONNX Runtime and DJL on the same checkpoint and inputs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class Benchmarks implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "The checkpoint, with plain.onnx, fused.onnx and int8.onnx beside it.")
    private Path model;

    @Option(
            names = "--shapes",
            paramLabel = "BxS",
            split = ",",
            defaultValue = "1x32,1x128,1x384,8x128,8x384",
            description = "Batches for the network alone, sequences x tokens (default: ${DEFAULT-VALUE}).")
    private List<String> shapes;

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds (default: 5).")
    private Integer rounds;

    @Option(
            names = "--contenders",
            paramLabel = "C",
            split = ";",
            description =
                    "Who takes part: devices with their options, such as \"cpu;onnxruntime,graph=fused\" (default: every"
                            + " device of ours that is available, and ONNX Runtime with the plain, the fused and the int8 graph).")
    private List<String> contenders;

    private final PrintStream out;
    private final PrintStream err;

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
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Benchmarks(out, err));
        commandLine.setParameterExceptionHandler((exception, args) -> {
            err.println("benchmarks: " + exception.getMessage() + " (--help lists the options)");
            return 2;
        });
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            boolean forPeople =
                    exception instanceof BenchmarkException || exception instanceof QuestionAnsweringException;
            err.println("benchmarks: " + (forPeople ? exception.getMessage() : exception.toString()));
            return 1;
        });
        return commandLine.execute(arguments);
    }

    @Override
    public Integer call() {
        List<Contender> chosen = chosen();
        NetworkMeasurement measurement = new NetworkMeasurement(
                model,
                chosen,
                shapes.stream().map(InputShape::parse).toList(),
                new NetworkMeasurement.Pace(rounds == null ? 5 : rounds, 1.5, 0.6, 3),
                err::println);
        out.print(Tables.network(measurement.measure()).aligned());
        return 0;
    }

    private List<Contender> chosen() {
        List<Contender> chosen = new ArrayList<>();
        if (contenders != null) {
            contenders.forEach(text -> chosen.add(Contender.parse(text)));
        } else {
            for (DeviceProvider provider : Devices.providers()) {
                if (provider.availability().available() && !provider.name().equals(OnnxRuntimeDeviceProvider.NAME)) {
                    chosen.add(Contender.parse(provider.name()));
                }
            }
            for (String graph : List.of("plain", "fused", "int8")) {
                chosen.add(Contender.parse(OnnxRuntimeDeviceProvider.NAME).with("graph", graph));
            }
        }
        for (Contender contender : chosen) {
            if (contender.isOnnxRuntime()) {
                Path file = model.resolve(contender.options().get("graph").orElse("fused") + ".onnx");
                if (!Files.isRegularFile(file)) {
                    throw new BenchmarkException(OnnxFiles.missing(file));
                }
            }
        }
        return chosen;
    }
}
