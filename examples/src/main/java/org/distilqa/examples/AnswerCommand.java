package org.distilqa.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers one question. */
@Command(name = "answer", description = "Answers a question from a context.")
final class AnswerCommand implements Callable<Integer> {
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
                description = "A file with that text, in UTF-8; - for standard input.")
        private String file;
    }

    @Option(names = "--top-k", paramLabel = "N", description = "How many answers (default: 1).")
    private Integer topK;

    @Option(
            names = "--max-answer-length",
            paramLabel = "N",
            description = "The longest answer, in tokens (default: 15).")
    private Integer maxAnswerLength;

    @Option(
            names = "--doc-stride",
            paramLabel = "N",
            description = "How many tokens neighbouring windows share (default: 128).")
    private Integer docStride;

    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "The longest window, in tokens (default: 384).")
    private Integer maxSequenceLength;

    @Option(
            names = "--max-question-length",
            paramLabel = "N",
            description = "The longest question, in tokens; the rest is cut off (default: 64).")
    private Integer maxQuestionLength;

    @Option(
            names = "--handle-impossible-answer",
            description = "Let \"there is no answer\" compete, as an empty answer.")
    private boolean handleImpossibleAnswer;

    @Option(names = "--no-align-to-words", description = "Do not widen answers to whole words and values.")
    private boolean noAlignToWords;

    @Option(
            names = "--no-second-reading",
            description = "Do not read the best places of a context of several windows once more.")
    private boolean noSecondReading;

    @Option(names = "--overlapping-answers", description = "Also give answers that overlap a better one.")
    private boolean overlappingAnswers;

    @Mixin
    private DeviceChoice device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        // What can be wrong without a model is said before one is loaded.
        QuestionRequest request = new QuestionRequest(
                question, context.text != null ? context.text : TextFile.read(context.file), options());
        try (QuestionAnswerer answerer = device.builder(model, modelOptions).build()) {
            modelOptions.sayIfNotChosen();
            Prediction prediction = answerer.predict(request);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                ObjectNode result = Json.object();
                prediction.answers().forEach(answer -> Json.add(result.withArray("answers"), answer));
                result.put("device", Json.device(answerer.device()));
                result.put("windows", prediction.windows());
                out.println(result);
            } else {
                prediction.answers().forEach(answer -> out.println(text(answer, request.context())));
            }
            out.flush();
        }
        return 0;
    }

    private AnswerOptions options() {
        AnswerOptions options = AnswerOptions.defaults()
                .withHandleImpossibleAnswer(handleImpossibleAnswer)
                .withAlignToWords(!noAlignToWords)
                .withSecondReading(!noSecondReading)
                .withOverlappingAnswers(overlappingAnswers);
        options = topK == null ? options : options.withTopK(topK);
        options = maxAnswerLength == null ? options : options.withMaxAnswerLength(maxAnswerLength);
        options = maxQuestionLength == null ? options : options.withMaxQuestionLength(maxQuestionLength);
        options = maxSequenceLength == null ? options : options.withMaxSequenceLength(maxSequenceLength);
        return docStride == null ? options : options.withDocStride(docStride);
    }

    private static String text(Answer answer, String context) {
        if (answer.isEmpty()) {
            return String.format(Locale.ROOT, "%.4f  (no answer)", answer.score());
        }
        return String.format(
                Locale.ROOT,
                "%.4f  %s%n        at %d..%d: %s",
                answer.score(),
                Excerpt.onOneLine(answer.text()),
                answer.start(),
                answer.end(),
                Excerpt.sentence(context, answer.start(), answer.end()));
    }
}
