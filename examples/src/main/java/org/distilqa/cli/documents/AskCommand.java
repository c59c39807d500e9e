package org.distilqa.cli.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distilqa.AnswerOptions;
import org.distilqa.QuestionAnswerer;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.options.ColourOption;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.TimeoutOption;
import org.distilqa.cli.options.TopAnswers;
import org.distilqa.search.DocumentAnswer;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.search.DocumentPrediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers a question from a collection of documents. */
@Command(
        name = "ask",
        description =
                "Answers a question from a folder of documents: text, Markdown, HTML, PDF, Word, PowerPoint and Excel."
                        + " Keeps an index of them, and reads only files that are new or have changed.")
public final class AskCommand implements Callable<Integer> {
    private static final int LINE_WIDTH = 100;
    private static final String INDENT = " ".repeat(8);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--docs", paramLabel = "DIR|INDEX", required = true, description = DocumentFolder.DESCRIPTION)
    private Path docs;

    @Option(names = "--question", paramLabel = "Q", required = true, description = "The question.")
    private String question;

    @Mixin
    private TopAnswers top;

    @Mixin
    private DocumentFolder folder;

    @Mixin
    private TimeoutOption timeout;

    @Mixin
    private ColourOption color;

    @Mixin
    private DeviceChoice device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    AskCommand() {}

    @Override
    public Integer call() {
        // What can be wrong without a model is said before one is loaded.
        AnswerOptions options = top.options();
        DocumentFolder.require(docs);
        try (QuestionAnswerer answerer = device.builder(model).build()) {
            model.sayIfNotChosen();
            try (DocumentAnswerer documents = folder.open(docs, answerer)) {
                DocumentPrediction prediction = timeout.timeout()
                        .map(time -> documents.predict(question, options, time))
                        .orElseGet(() -> documents.predict(question, options));
                print(prediction, answerer.device().nameAndPrecision());
            }
        }
        return 0;
    }

    private void print(DocumentPrediction prediction, String device) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode result = Json.object();
            result.putArray("answers");
            prediction.answers().forEach(answer -> add(result, answer));
            result.put("no_answer_score", prediction.noAnswerScore());
            result.put("passages", prediction.passages());
            result.put("windows", prediction.windows());
            result.put("device", device);
            out.println(result);
        } else if (prediction.answers().isEmpty()) {
            out.println(
                    prediction.passages() == 0
                            ? "(no passage shares a word with the question)"
                            : String.format(Locale.ROOT, "%.4f  (no answer)", prediction.noAnswerScore()));
        } else {
            prediction.answers().forEach(answer -> out.println(text(answer)));
        }
        out.flush();
    }

    private void add(ObjectNode result, DocumentAnswer answer) {
        ObjectNode added = result.withArray("answers")
                .addObject()
                .put("text", answer.text())
                .put("document", answer.document())
                .put("title", answer.title())
                .put("start", answer.start())
                .put("end", answer.end())
                .put("line", answer.line());
        if (answer.page() > 0) {
            added.put("page", answer.page());
        }
        added.put("score", answer.score());
        added.putObject("passage")
                .put("text", answer.passage().text())
                .put("start", answer.passage().start());
    }

    private String text(DocumentAnswer answer) {
        String place = answer.page() > 0 ? "page " + answer.page() : "line " + answer.line();
        return String.format(
                Locale.ROOT,
                "%.4f  %s%n        %s, %s%n%s",
                answer.score(),
                color.colours().strong(Excerpt.onOneLine(answer.text())),
                shortened(answer.document()),
                place,
                wrapped(marked(answer)));
    }

    /** The passage with the answer in it marked. */
    private String marked(DocumentAnswer answer) {
        String passage = answer.passage().text();
        int start = answer.start() - answer.passage().start();
        int end = answer.end() - answer.passage().start();
        return (Excerpt.onOneLine(passage.substring(0, start))
                        + color.colours().marked(Excerpt.onOneLine(answer.text()))
                        + Excerpt.onOneLine(passage.substring(end)))
                .strip();
    }

    private static String wrapped(String text) {
        StringBuilder wrapped = new StringBuilder();
        int width = 0;
        for (String word : text.split(" ")) {
            if (width > 0 && width + word.length() >= LINE_WIDTH - INDENT.length()) {
                wrapped.append(System.lineSeparator());
                width = 0;
            }
            wrapped.append(width == 0 ? INDENT : " ").append(word);
            width += word.length() + 1;
        }
        return wrapped.toString();
    }

    /** As the folder was named on the command line. */
    private String shortened(String document) {
        Path folder = docs.toAbsolutePath().normalize();
        Path file = Path.of(document);
        return file.startsWith(folder) ? docs.resolve(folder.relativize(file)).toString() : document;
    }
}
