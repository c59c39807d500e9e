package org.distilqa.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.distilqa.Answer;
import org.distilqa.InvalidRequestException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.model.HubOptions;
import org.distilqa.model.ModelHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Answers the questions of a SQuAD file and scores the answers. */
@Command(name = "squad", description = "Answers a SQuAD file and prints exact match, F1 and speed.")
final class SquadCommand implements Callable<Integer> {
    private static final String ADDRESS = "https://rajpurkar.github.io/SQuAD-explorer/dataset";
    private static final Map<String, String> OFFICIAL = Map.of("squad", "dev-v1.1.json", "squad_v2", "dev-v2.0.json");
    private static final int BATCHES_AT_ONCE = 8;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = QuestionAnswerer.BUNDLED_MODEL,
            description = ModelOptions.DESCRIPTION_WITH_DEFAULT)
    private String model;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "A file in SQuAD's format; or squad or squad_v2, the official development sets, which are"
                    + " downloaded once (from DISTILQA_SQUAD_URL, if that is set).")
    private String data;

    @Mixin
    private DeviceChoice device;

    @Option(
            names = "--baseline-device",
            paramLabel = "D2",
            description = "Another device that answers the same questions, to compare with.")
    private String baselineDevice;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first questions.")
    private Integer limit;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many windows the device gets at a time (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--no-answer-threshold",
            paramLabel = "T",
            description = "Answer with nothing where the no-answer score, from 0 to 1, is above this. Without it, \"no"
                    + " answer\" competes with the spans in files whose questions may have none.")
    private Double noAnswerThreshold;

    @Option(names = "--no-second-reading", description = "Read every window once, also where a context has several.")
    private boolean noSecondReading;

    @Option(
            names = "--predictions",
            paramLabel = "OUT.json",
            description = "Write the answers to this file, as SQuAD's evaluation script reads them.")
    private Path predictionsFile;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** A device's answers, scored as they come. */
    private static final class Run {
        private final QuestionAnswerer answerer;
        private final SquadMetric metric = new SquadMetric();
        private long nanoseconds;

        Run(QuestionAnswerer answerer) {
            this.answerer = answerer;
        }

        ObjectNode figures() {
            ObjectNode node = Json.object();
            metric.writeTo(node);
            node.put("questions_per_second", metric.total() / (nanoseconds / 1e9));
            node.put("device", Json.device(answerer.device()));
            return node;
        }
    }

    @Override
    public Integer call() {
        requireRanges();
        if (baselineDevice != null) {
            requireDevices();
        }
        Path file = OFFICIAL.containsKey(data) ? official(OFFICIAL.get(data)) : Path.of(data);
        // Faults of the file are found before the model is loaded and any question answered.
        int total = count(file);
        requireWritablePredictions();
        try (QuestionAnswerer answerer =
                        device.builder(model, modelOptions).batchSize(batchSize).build();
                QuestionAnswerer baseline = baselineDevice == null ? null : openBaseline()) {
            modelOptions.sayIfNotChosen();
            Evaluation evaluation = new Evaluation(
                    new Run(answerer), Optional.ofNullable(baseline).map(Run::new));
            try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), "questions")) {
                evaluation.evaluate(file, total, bar);
            }
            if (predictionsFile != null) {
                write(evaluation.predictions);
            }
            print(evaluation.figures());
        }
        return 0;
    }

    private void requireRanges() {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + "; it must be at least 1");
        }
        if (noAnswerThreshold != null && !(noAnswerThreshold >= 0 && noAnswerThreshold <= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--no-answer-threshold is " + noAnswerThreshold + "; it must be from 0 to 1");
        }
    }

    private int count(Path file) {
        AtomicInteger count = new AtomicInteger();
        SquadFile.forEach(file, question -> count.incrementAndGet() < limit());
        if (count.get() == 0) {
            throw new FileException(file + ": has no question");
        }
        return count.get();
    }

    private int limit() {
        return limit == null ? Integer.MAX_VALUE : limit;
    }

    private void requireWritablePredictions() {
        if (predictionsFile == null) {
            return;
        }
        Path directory = predictionsFile.toAbsolutePath().getParent();
        if (Files.isDirectory(predictionsFile) || directory == null || !Files.isDirectory(directory)) {
            throw new FileException(predictionsFile + ": cannot be written: "
                    + (Files.isDirectory(predictionsFile)
                            ? "it is a directory"
                            : "there is no directory " + directory));
        }
    }

    private QuestionAnswerer openBaseline() {
        return modelOptions
                .builder(model)
                .device(baselineDevice)
                .batchSize(batchSize)
                .build();
    }

    /** What a device refuses is told before anything is downloaded; that of the second, before the first has answered. */
    private void requireDevices() {
        Devices.open(device.name(), device.options()).close();
        if (baselineDevice != null) {
            Devices.open(baselineDevice, DeviceOptions.none()).close();
        }
    }

    private Path official(String name) {
        HubOptions options = HubOptions.fromEnvironment();
        String cache = System.getProperty("distilqa.squad.cache");
        Path directory =
                cache == null ? options.cache().resolveSibling("distilqa").resolve("squad") : Path.of(cache);
        Path target = directory.resolve(name);
        String address =
                System.getProperty("distilqa.squad.url", System.getenv().getOrDefault("DISTILQA_SQUAD_URL", ADDRESS));
        if (!Files.exists(target)) {
            requireDevices();
        }
        new ModelHub(options).downloadFile(URI.create(address + "/" + name), target);
        return target;
    }

    private QuestionRequest request(SquadQuestion question) {
        QuestionRequest request =
                QuestionRequest.of(question.question(), question.context()).withSecondReading(!noSecondReading);
        // Of two answers one is a span, even if "no answer" is the better one.
        return question.mayBeImpossible()
                ? request.withHandleImpossibleAnswer(noAnswerThreshold == null).withTopK(2)
                : request;
    }

    private static String bestSpan(Prediction prediction) {
        return prediction.answers().stream()
                .map(Answer::text)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Works through a file, chunk by chunk. */
    private final class Evaluation {
        private final Run run;
        private final Optional<Run> baseline;
        private final ObjectNode predictions = Json.object();
        private final List<SquadQuestion> chunk = new ArrayList<>();
        private int seen;
        private int equal;

        Evaluation(Run run, Optional<Run> baseline) {
            this.run = run;
            this.baseline = baseline;
        }

        void evaluate(Path file, int total, ProgressBar bar) {
            SquadFile.forEach(file, question -> {
                chunk.add(question);
                seen++;
                if (chunk.size() == BATCHES_AT_ONCE * batchSize) {
                    answerChunk(file);
                    bar.update(seen, total);
                }
                return seen < total;
            });
            answerChunk(file);
            bar.update(seen, total);
        }

        private void answerChunk(Path file) {
            List<String> answers = answers(file, run);
            baseline.ifPresent(other -> {
                List<String> others = answers(file, other);
                for (int i = 0; i < chunk.size(); i++) {
                    equal += answers.get(i).equals(others.get(i)) ? 1 : 0;
                }
            });
            for (int i = 0; i < chunk.size(); i++) {
                predictions.put(chunk.get(i).id(), answers.get(i));
            }
            chunk.clear();
        }

        private List<String> answers(Path file, Run device) {
            List<QuestionRequest> requests =
                    chunk.stream().map(SquadCommand.this::request).toList();
            long begin = System.nanoTime();
            List<Prediction> found = predict(file, device, requests);
            device.nanoseconds += System.nanoTime() - begin;
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                Prediction prediction = found.get(i);
                SquadQuestion question = chunk.get(i);
                boolean none = noAnswerThreshold != null && prediction.noAnswerScore() > noAnswerThreshold;
                answers.add(none ? "" : prediction.best().text());
                device.metric.add(answers.get(i), question.answers());
                if (question.mayBeImpossible()) {
                    device.metric.addBestSpan(bestSpan(prediction), prediction.noAnswerScore(), question.answers());
                }
            }
            return answers;
        }

        private List<Prediction> predict(Path file, Run device, List<QuestionRequest> requests) {
            try {
                return device.answerer.predictAll(requests);
            } catch (InvalidRequestException e) {
                throw new FileException(
                        file + ": among the questions " + chunk.get(0).id() + " to "
                                + chunk.get(chunk.size() - 1).id() + ": " + e.getMessage(),
                        e);
            }
        }

        ObjectNode figures() {
            ObjectNode figures = run.figures();
            baseline.ifPresent(other -> {
                figures.set("baseline", other.figures());
                figures.put("equal_answers", (double) equal / seen);
            });
            return figures;
        }
    }

    private void write(ObjectNode predictions) {
        try {
            Files.writeString(predictionsFile, predictions + "\n");
        } catch (IOException e) {
            throw new FileException(predictionsFile + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void print(ObjectNode figures) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(figures);
        } else {
            print(out, figures, "");
        }
        out.flush();
    }

    private static void print(PrintWriter out, ObjectNode figures, String indent) {
        figures.properties().forEach(figure -> {
            if (figure.getValue() instanceof ObjectNode nested) {
                out.println(indent + figure.getKey());
                print(out, nested, indent + "    ");
            } else {
                // A threshold is a probability, which may be small.
                String format = figure.getKey().endsWith("_thresh") ? "%.3g" : "%.2f";
                String value = figure.getValue().isDouble()
                        ? String.format(Locale.ROOT, format, figure.getValue().doubleValue())
                        : figure.getValue().asText();
                out.println(indent + figure.getKey() + " " + value);
            }
        });
    }
}
