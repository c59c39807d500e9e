package org.distilqa.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distilqa.AnswerOptions;
import org.distilqa.QuestionAnswerer;
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
final class AskCommand implements Callable<Integer> {
    private static final int LINE_WIDTH = 100;
    private static final String INDENT = " ".repeat(8);

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

    @Option(names = "--docs", paramLabel = "DIR|INDEX", required = true, description = DocumentFolder.DESCRIPTION)
    private Path docs;

    @Option(names = "--question", paramLabel = "Q", required = true, description = "The question.")
    private String question;

    @Option(
            names = "--index",
            paramLabel = "DIR",
            description = "Where to keep the index of the folder (default: in the user's cache).")
    private Path index;

    @Option(names = "--top-k", paramLabel = "N", description = "How many answers (default: 1).")
    private Integer topK;

    @Option(
            names = "--passages",
            paramLabel = "N",
            defaultValue = "" + DocumentAnswerer.DEFAULT_PASSAGES,
            description = "How many passages to read (default: ${DEFAULT-VALUE}).")
    private int passages;

    @Option(
            names = "--handle-impossible-answer",
            description = "Let \"there is no answer\" compete: answers that are less likely are left out.")
    private boolean handleImpossibleAnswer;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            converter = Colours.When.class,
            completionCandidates = Colours.When.class,
            description = "Whether answers are in colour: auto, always or never (default: ${DEFAULT-VALUE}).")
    private Colours colours;

    @Option(names = "--progress", description = "Say how far it is on standard error, also where that is no terminal.")
    private boolean progress;

    @Mixin
    private DeviceChoice device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        // What can be wrong without a model is said before one is loaded.
        AnswerOptions options = AnswerOptions.defaults().withHandleImpossibleAnswer(handleImpossibleAnswer);
        options = topK == null ? options : options.withTopK(topK);
        DocumentFolder folder = new DocumentFolder(
                docs, index, passages, progress, spec.commandLine().getErr());
        try (QuestionAnswerer answerer = device.builder(model, modelOptions).build()) {
            modelOptions.sayIfNotChosen();
            try (DocumentAnswerer documents = folder.open(answerer)) {
                print(documents.predict(question, options), Json.device(answerer.device()));
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
                colours.strong(Excerpt.onOneLine(answer.text())),
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
                        + colours.marked(Excerpt.onOneLine(answer.text()))
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
