package org.distilqa.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.distilqa.Answer;
import org.distilqa.InvalidRequestException;
import org.distilqa.Outcome;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.Statistics;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.io.TextFile;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.ProgressOption;
import org.distilqa.device.DeviceInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers a list of questions and says how long each phase took. */
@Command(name = "demo", description = "Answers a list of questions, by default the shipped one, and times the phases.")
public final class DemoCommand implements Callable<Integer> {
    static final String INPUT = "input_data.json";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--input",
            paramLabel = INPUT,
            description = "A JSON file with a list of {\"context\": ..., \"question\": ...}.")
    private String input;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many windows the device gets at a time (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Mixin
    private ProgressOption progress;

    @Mixin
    private DeviceChoice device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    DemoCommand() {}

    @Override
    public Integer call() {
        List<QuestionRequest> requests = requests();
        try (QuestionAnswerer answerer =
                device.builder(model).batchSize(batchSize).build()) {
            model.sayIfNotChosen();
            List<Answer> answers = new ArrayList<>();
            try (ProgressBar bar = progress.bar("questions");
                    Stream<Outcome> outcomes = answerer.answerStream(requests.stream())) {
                outcomes.forEachOrdered(outcome -> {
                    answers.add(outcome.prediction().best());
                    bar.update(answers.size(), requests.size());
                });
            }
            print(requests, answers, answerer.statistics(), answerer.device());
        }
        return 0;
    }

    private List<QuestionRequest> requests() {
        return input == null ? requests(INPUT, shippedInput()) : requests(input, TextFile.read(input));
    }

    /**
     * Reads a list of questions and contexts.
     *
     * @param name what messages call it
     * @param text the list, in JSON
     * @return the requests, at least one
     * @throws FileException if it is not such a list
     */
    public static List<QuestionRequest> requests(String name, String text) {
        JsonNode root = Json.parse(name, text);
        List<QuestionRequest> requests = new ArrayList<>();
        for (JsonNode entry : root) {
            if (!entry.path("question").isTextual() || !entry.path("context").isTextual()) {
                throw new FileException(
                        name + ": entry " + requests.size() + " has no text \"question\" or no text \"context\"");
            }
            try {
                requests.add(QuestionRequest.of(
                        entry.path("question").textValue(),
                        entry.path("context").textValue()));
            } catch (InvalidRequestException e) {
                throw new FileException(name + ": entry " + requests.size() + ": " + e.getMessage(), e);
            }
        }
        if (!root.isArray() || requests.isEmpty()) {
            throw new FileException(name + ": must be a list of {\"context\": ..., \"question\": ...}");
        }
        return requests;
    }

    private static String shippedInput() {
        try (InputStream in = DemoCommand.class.getResourceAsStream(INPUT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(List<QuestionRequest> requests, List<Answer> answers, Statistics statistics, DeviceInfo info) {
        Map<String, Duration> phases = new LinkedHashMap<>();
        phases.put("load_parameters", statistics.loading());
        phases.put("prepare_input", statistics.tokenization());
        phases.put("inference", statistics.inference());
        phases.put("post_processing", statistics.decoding());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(requests, answers, phases, statistics, info));
        } else {
            for (int i = 0; i < answers.size(); i++) {
                Answer answer = answers.get(i);
                out.println(requests.get(i).question());
                out.println(String.format(
                        Locale.ROOT,
                        "    %s  (%.3f)",
                        answer.isEmpty() ? "(no answer)" : answer.text().replaceAll("\\s+", " "),
                        answer.score()));
            }
            out.println();
            out.println(answers.size() + " questions, " + statistics.windows() + " windows, " + statistics.batches()
                    + " batches on " + info.name() + ": " + info.description());
            phases.forEach((phase, time) -> out.println(
                    String.format(Locale.ROOT, "%-16s %9.1f ms", phase.replace('_', ' '), milliseconds(time))));
        }
        out.flush();
    }

    private ObjectNode asJson(
            List<QuestionRequest> requests,
            List<Answer> answers,
            Map<String, Duration> phases,
            Statistics statistics,
            DeviceInfo info) {
        ObjectNode result = Json.object();
        ArrayNode list = result.putArray("answers");
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            list.addObject()
                    .put("question", requests.get(i).question())
                    .put("answer", answer.text())
                    .put("start", answer.start())
                    .put("end", answer.end())
                    .put("score", answer.score());
        }
        ObjectNode times = result.putObject("phases_ms");
        phases.forEach((phase, time) -> times.put(phase, milliseconds(time)));
        result.put("windows", statistics.windows());
        result.put("batches", statistics.batches());
        result.put("batch_size", batchSize);
        result.put("device", info.nameAndPrecision());
        ObjectNode facts = result.putObject("device_facts");
        info.facts().forEach(facts::put);
        return result;
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
