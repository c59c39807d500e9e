package org.distilqa.benchmarks.study;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import picocli.CommandLine.Option;

/** What every study is told: which model on which device, and which question sets. */
final class StudyOptions {
    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = "bundled",
            description = "The checkpoint: a directory, a hub id or \"bundled\" (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description =
                    "Questions: files in SQuAD's format, or .jsonl with an object a line with context, question and"
                            + " answers.")
    private List<Path> data;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "The device (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--device-option", paramLabel = "NAME=VALUE", description = "A setting of the device.")
    private Map<String, String> deviceOptions = new LinkedHashMap<>();

    String model() {
        return model;
    }

    List<Path> data() {
        return data;
    }

    /** Opens the device, which the caller closes. */
    Device open() {
        return Devices.open(device, new DeviceOptions(deviceOptions));
    }

    /** The questions of a file that have an answer, in its order. */
    static List<Question> answered(Path file) {
        List<Question> answered = Question.read(file).stream()
                .filter(question -> !question.answers().isEmpty())
                .toList();
        if (answered.isEmpty()) {
            throw new BenchmarkException(file + ": has no question with an answer");
        }
        return answered;
    }
}
