package org.distilqa.cli.squad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.distilqa.InvalidRequestException;
import org.distilqa.Outcome;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.Count;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.ProgressOption;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares the logits and the answers of two devices, or of one with two settings. */
@Command(
        name = "compare",
        description = "Compares two devices on the questions of a SQuAD file: their logits and their answers.")
public final class CompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "A file in SQuAD's format.")
    private Path data;

    @ArgGroup(exclusive = false, multiplicity = "2", heading = "To be given twice:%n")
    private List<Side> sides = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", converter = Count.class, description = "Only the first questions.")
    private Integer limit;

    @Mixin
    private ProgressOption progress;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** A device, and the settings that follow it. */
    private static final class Side {
        @Option(
                names = "--device",
                paramLabel = "D",
                required = true,
                description = "A device: auto, or one that the command devices lists.")
        private String name;

        @Option(
                names = "--device-option",
                paramLabel = "NAME=VALUE",
                description = "A setting of the device named before it, such as precision=int8. May be given several"
                        + " times.")
        private Map<String, String> options = new LinkedHashMap<>();

        DeviceOptions options() {
            return new DeviceOptions(options);
        }
    }

    CompareCommand() {}

    @Override
    public Integer call() {
        List<SquadQuestion> questions = questions();
        Agreement start = new Agreement();
        Agreement end = new Agreement();
        ObjectNode result = Json.object();
        result.put("questions", questions.size());
        ArrayNode devices = result.putArray("devices");
        try (ProgressBar bar = progress.bar("questions")) {
            int steps = 3 * questions.size();
            compareLogits(questions, start, end, devices, done -> bar.update(done, steps));
            ObjectNode logits = start.and(end).figures();
            logits.set("start", start.figures());
            logits.set("end", end.figures());
            result.set("logits", logits);
            List<List<String>> answers = new ArrayList<>();
            for (int i = 0; i < sides.size(); i++) {
                int before = (i + 1) * questions.size();
                answers.add(answers(
                        sides.get(i),
                        questions,
                        (ObjectNode) devices.get(i),
                        done -> bar.update(before + done, steps)));
            }
            result.put("equal_answers", equal(answers.get(0), answers.get(1)));
        }
        print(result);
        return 0;
    }

    private interface Counter {
        void done(int questions);
    }

    private List<SquadQuestion> questions() {
        List<SquadQuestion> questions = new ArrayList<>();
        SquadFile.forEach(data, question -> {
            questions.add(question);
            return limit == null || questions.size() < limit;
        });
        if (questions.isEmpty()) {
            throw new FileException(data + ": has no question");
        }
        return questions;
    }

    private void compareLogits(
            List<SquadQuestion> questions, Agreement start, Agreement end, ArrayNode devices, Counter counter) {
        // What a device refuses is told before a model is downloaded.
        try (Device first = open(sides.get(0), devices);
                Device second = open(sides.get(1), devices);
                Checkpoint checkpoint = model.load();
                FirstWindows windows = new FirstWindows(checkpoint);
                Program programA = first.compile(checkpoint.graph(), checkpoint.parameters());
                Program programB = second.compile(checkpoint.graph(), checkpoint.parameters())) {
            int batchSize = Math.min(first.info().batchSize(), second.info().batchSize());
            for (int from = 0; from < questions.size(); from += batchSize) {
                List<SquadQuestion> some = questions.subList(from, Math.min(questions.size(), from + batchSize));
                TokenBatch batch = windows.of(some);
                Logits a = programA.run(batch);
                Logits b = programB.run(batch);
                for (int i = 0; i < batch.size(); i++) {
                    start.add(a.start(i), b.start(i));
                    end.add(a.end(i), b.end(i));
                }
                counter.done(from + some.size());
            }
        }
    }

    private static Device open(Side side, ArrayNode devices) {
        Device device = Devices.open(side.name, side.options());
        ObjectNode figures = devices.addObject();
        figures.put("device", device.info().nameAndPrecision())
                .put("description", device.info().description());
        side.options.forEach(figures.putObject("options")::put);
        return device;
    }

    private List<String> answers(Side side, List<SquadQuestion> questions, ObjectNode figures, Counter counter) {
        SquadMetric metric = new SquadMetric();
        List<String> answers = new ArrayList<>();
        try (QuestionAnswerer answerer =
                model.builder().device(side.name).deviceOptions(side.options()).build()) {
            try (Stream<Outcome> outcomes =
                    answerer.answerStream(questions.stream().map(CompareCommand::request))) {
                outcomes.forEachOrdered(outcome -> {
                    SquadQuestion question = questions.get(answers.size());
                    String text = prediction(question, outcome).best().text();
                    answers.add(text);
                    metric.add(text, question.answers());
                    counter.done(answers.size());
                });
            }
        }
        if (questions.stream().anyMatch(question -> !question.answers().isEmpty())) {
            metric.writeTo(figures);
        }
        return answers;
    }

    private static QuestionRequest request(SquadQuestion question) {
        return QuestionRequest.of(question.question(), question.context())
                .withHandleImpossibleAnswer(question.mayBeImpossible());
    }

    private Prediction prediction(SquadQuestion question, Outcome outcome) {
        try {
            return outcome.prediction();
        } catch (InvalidRequestException e) {
            throw new FileException(data + ": question " + question.id() + ": " + e.getMessage(), e);
        }
    }

    private static double equal(List<String> a, List<String> b) {
        int equal = 0;
        for (int i = 0; i < a.size(); i++) {
            equal += a.get(i).equals(b.get(i)) ? 1 : 0;
        }
        return (double) equal / a.size();
    }

    private void print(ObjectNode result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(result);
        } else {
            result.path("devices").forEach(device -> {
                out.println(device.path("device").asText() + ": "
                        + device.path("description").asText());
                if (device.has("f1")) {
                    out.println(format("    exact %.2f, F1 %.2f", device.path("exact"), device.path("f1")));
                }
            });
            out.println(format(
                    "logits differ by %.5f at most and by %.5f on average; correlation %.6f (start %.6f, end %.6f)",
                    result.at("/logits/largest_difference"),
                    result.at("/logits/mean_difference"),
                    result.at("/logits/correlation"),
                    result.at("/logits/start/correlation"),
                    result.at("/logits/end/correlation")));
            out.println(String.format(
                    Locale.ROOT,
                    "%.2f %% of %d answers are equal",
                    100 * result.path("equal_answers").asDouble(),
                    result.path("questions").asInt()));
        }
        out.flush();
    }

    private static String format(String format, JsonNode... values) {
        Object[] numbers = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = values[i].asDouble();
        }
        return String.format(Locale.ROOT, format, numbers);
    }
}
