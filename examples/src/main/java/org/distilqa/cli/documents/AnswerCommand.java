package org.distilqa.cli.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distilqa.Answer;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.distilqa.cli.documents.JoinedDocuments.Found;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.options.AnswerSettings;
import org.distilqa.cli.options.ColourOption;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.ProgressOption;
import org.distilqa.cli.options.TimeoutOption;
import org.distilqa.text.Document;
import org.distilqa.text.Place;
import org.distilqa.text.Span;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers one question. */
@Command(name = "answer", description = "Answers a question from a text, from files or from folders.")
public final class AnswerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--question", paramLabel = "Q", required = true, description = "The question.")
    private String question;

    @ArgGroup(multiplicity = "1")
    private Context context;

    /** Where the context is. */
    static final class Context {
        @Option(names = "--context", paramLabel = "C", description = "The text that may hold the answer.")
        private String text;

        @Option(
                names = "--context-file",
                paramLabel = "F",
                arity = "1..*",
                description = "Files with that text, or folders of them; - for standard input.")
        private List<Path> files;
    }

    @Mixin
    private DocumentFiles reader;

    @Mixin
    private AnswerSettings settings;

    @Option(
            names = "--show",
            paramLabel = "PART",
            defaultValue = "sentence",
            converter = Part.Named.class,
            completionCandidates = Part.Named.class,
            description =
                    "What to show around each answer: its sentence, line or paragraph (default: ${DEFAULT-VALUE}).")
    private Part part;

    @Mixin
    private TimeoutOption timeout;

    @Mixin
    private ColourOption color;

    @Mixin
    private ProgressOption progress;

    @Mixin
    private DeviceChoice device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    AnswerCommand() {}

    @Override
    public Integer call() {
        // What can be wrong without a model is said before one is loaded.
        JoinedDocuments documents = new JoinedDocuments(documents());
        QuestionRequest unlimited =
                new QuestionRequest(question, documents.text(), documents.options(settings.options()));
        QuestionRequest request = timeout.timeout().map(unlimited::withDeadline).orElse(unlimited);
        PrintWriter err = spec.commandLine().getErr();
        try (WindowProgress windows = new WindowProgress(progress);
                QuestionAnswerer answerer =
                        device.builder(model).listener(windows).build()) {
            model.sayIfNotChosen();
            Prediction prediction = answerer.predict(request);
            List<Found> wanted = documents.found(prediction.answers(), settings.options()).stream()
                    .filter(answer -> settings.wants(answer.score()))
                    .toList();
            if (json) {
                spec.commandLine()
                        .getOut()
                        .println(asJson(wanted, prediction, answerer.device().nameAndPrecision()));
            } else {
                wanted.forEach(answer -> spec.commandLine().getOut().println(asText(answer)));
                if (wanted.isEmpty()) {
                    err.printf(
                            Locale.ROOT,
                            "distilqa: no answer has a score of at least %s; the best has %.4f%n",
                            settings.minScore(),
                            prediction.best().score());
                }
            }
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private List<Document> documents() {
        return context.text == null
                ? reader.read(context.files, spec.commandLine().getErr())
                : List.of(Document.of("--context", context.text));
    }

    private ObjectNode asJson(List<Found> answers, Prediction prediction, String deviceName) {
        ObjectNode result = Json.object();
        result.putArray("answers");
        for (Found answer : answers) {
            ObjectNode node = Json.add(
                    result.withArray("answers"),
                    new Answer(
                            answer.text(), answer.span().start(), answer.span().end(), answer.score()));
            if (!answer.text().isEmpty()) {
                addPlace(node, answer);
            }
        }
        result.put("device", deviceName);
        result.put("windows", prediction.windows());
        result.put("question_cut", prediction.questionCut());
        return result;
    }

    private void addPlace(ObjectNode node, Found answer) {
        Document document = answer.document();
        Place start = document.places().start(answer.span().start());
        Place end = document.places().end(answer.span().end());
        if (context.files != null) {
            node.put("file", document.name()).put("file_start", start.offset()).put("file_end", end.offset());
        }
        node.put("line", start.line())
                .put("column", start.column())
                .put("end_line", end.line())
                .put("end_column", end.column())
                .put("sentence", document.sentence(answer.span()).of(document.text()));
    }

    private String asText(Found answer) {
        if (answer.text().isEmpty()) {
            return String.format(Locale.ROOT, "%.4f  (no answer)", answer.score());
        }
        Document document = answer.document();
        Span span = answer.span();
        Place place = document.places().start(span.start());
        return String.format(
                Locale.ROOT,
                "%.4f  %s%n        at %s: %s",
                answer.score(),
                color.colours().strong(Excerpt.onOneLine(answer.text())),
                context.files == null
                        ? span.start() + ".." + span.end()
                        : document.name() + ":" + place.line() + ":" + place.column(),
                part.excerpt(document, span, color.colours()));
    }
}
