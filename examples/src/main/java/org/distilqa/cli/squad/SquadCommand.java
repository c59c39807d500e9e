package org.distilqa.cli.squad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.distilqa.Answer;
import org.distilqa.InvalidRequestException;
import org.distilqa.Outcome;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.io.ProgressBar;
import org.distilqa.cli.options.Count;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.ProgressOption;
import org.distilqa.cli.options.Score;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.model.HubOptions;
import org.distilqa.model.ModelHub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers the questions of a SQuAD file and scores the answers. */
@Command(name = "squad", description = "Answers a SQuAD file and prints exact match, F1 and speed.")
public final class SquadCommand implements Callable<Integer> {
    private static final String ADDRESS = "https://rajpurkar.github.io/SQuAD-explorer/dataset";
    private static final Map<String, String> OFFICIAL = Map.of("squad", "dev-v1.1.json", "squad_v2", "dev-v2.0.json");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

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

    @Option(names = "--limit", paramLabel = "N", converter = Count.class, description = "Only the first questions.")
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
            converter = Score.class,
            description = "Answer with nothing where the no-answer score, from 0 to 1, is above this. Without it, \"no"
                    + " answer\" competes with the spans in files whose questions may have none.")
    private Double noAnswerThreshold;

    @Option(names = "--no-second-reading", description = "Read every window once, also where a context has several.")
    private boolean noSecondReading;

    @Mixin
    private ProgressOption progress;

    @Option(
            names = "--predictions",
            paramLabel = "OUT.json",
            description = "Write the answers to this file, as SQuAD's evaluation script reads them.")
    private Path predictionsFile;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** A device's answers, scored as they come. */
    private final class Run {
        private final QuestionAnswerer answerer;
        private final SquadMetric metric = new SquadMetric();
        private long nanoseconds;

        Run(QuestionAnswerer answerer) {
            this.answerer = answerer;
        }

        /** Answers the questions of a file, as a stream: it may be larger than the memory. */
        void answer(Path file, int total, BiConsumer<SquadQuestion, String> consumer) {
            Deque<SquadQuestion> underWay = new ArrayDeque<>();
            long begin = System.nanoTime();
            try (Stream<SquadQuestion> questions = SquadFile.questions(file);
                    Stream<Outcome> outcomes =
                            answerer.answerStream(questions.limit(total).map(question -> {
                                underWay.add(question);
                                return request(question);
                            }))) {
                outcomes.forEachOrdered(outcome -> {
                    SquadQuestion question = underWay.remove();
                    consumer.accept(question, score(question, prediction(file, question, outcome)));
                });
            }
            nanoseconds += System.nanoTime() - begin;
        }

        private Prediction prediction(Path file, SquadQuestion question, Outcome outcome) {
            try {
                return outcome.prediction();
            } catch (InvalidRequestException e) {
                throw new FileException(file + ": question " + question.id() + ": " + e.getMessage(), e);
            }
        }

        private String score(SquadQuestion question, Prediction prediction) {
            boolean none = noAnswerThreshold != null && prediction.noAnswerScore() > noAnswerThreshold;
            String answer = none ? "" : prediction.best().text();
            metric.add(answer, question.answers());
            if (question.mayBeImpossible()) {
                metric.addBestSpan(bestSpan(prediction), prediction.noAnswerScore(), question.answers());
            }
            return answer;
        }

        ObjectNode figures() {
            ObjectNode node = Json.object();
            metric.writeTo(node);
            node.put("questions_per_second", metric.total() / (nanoseconds / 1e9));
            node.put("device", answerer.device().nameAndPrecision());
            return node;
        }
    }

    SquadCommand() {}

    @Override
    public Integer call() {
        if (baselineDevice != null) {
            requireDevices();
        }
        Path file = OFFICIAL.containsKey(data) ? official(OFFICIAL.get(data)) : Path.of(data);
        // Faults of the file are found before the model is loaded and any question answered.
        int total = count(file);
        requireWritablePredictions();
        try (QuestionAnswerer answerer =
                        device.builder(model).batchSize(batchSize).build();
                QuestionAnswerer baseline = baselineDevice == null ? null : openBaseline()) {
            model.sayIfNotChosen();
            Evaluation evaluation = new Evaluation(
                    new Run(answerer), Optional.ofNullable(baseline).map(Run::new));
            try (ProgressBar bar = progress.bar("questions")) {
                evaluation.evaluate(file, total, bar);
            }
            if (predictionsFile != null) {
                write(evaluation.predictions);
            }
            print(evaluation.figures());
        }
        return 0;
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
        return model.builder().device(baselineDevice).batchSize(batchSize).build();
    }

    /** What a device refuses is told before anything is downloaded; that of the second, before the first has answered. */
    private void requireDevices() {
        device.open().close();
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

    /** Works through a file, with one device after the other. */
    private final class Evaluation {
        private final Run run;
        private final Optional<Run> baseline;
        private final ObjectNode predictions = Json.object();
        private int equal;

        Evaluation(Run run, Optional<Run> baseline) {
            this.run = run;
            this.baseline = baseline;
        }

        void evaluate(Path file, int total, ProgressBar bar) {
            int all = baseline.isPresent() ? 2 * total : total;
            run.answer(file, total, (question, answer) -> {
                predictions.put(question.id(), answer);
                bar.update(run.metric.total(), all);
            });
            baseline.ifPresent(other -> other.answer(file, total, (question, answer) -> {
                equal += predictions.path(question.id()).asText().equals(answer) ? 1 : 0;
                bar.update(total + other.metric.total(), all);
            }));
        }

        ObjectNode figures() {
            ObjectNode figures = run.figures();
            baseline.ifPresent(other -> {
                figures.set("baseline", other.figures());
                figures.put("equal_answers", (double) equal / other.metric.total());
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
