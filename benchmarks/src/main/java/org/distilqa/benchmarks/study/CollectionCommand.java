package org.distilqa.benchmarks.study;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.distilqa.QuestionAnswerer;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.report.Table;
import org.distilqa.device.Device;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.text.Document;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures right answers from a collection of documents. */
@Command(
        name = "collection",
        description =
                "Puts the paragraphs of question sets into one index, asks the questions of all of them, and compares"
                        + " ours with a search whose passages are read one by one. With --sizes it measures indexes of"
                        + " that many passages.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
public final class CollectionCommand implements Callable<Integer> {
    /** With so many questions an index is measured. */
    private static final int QUESTIONS_OF_SIZES = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions options;

    @Option(
            names = "--others",
            paramLabel = "FILE",
            arity = "1..*",
            description = "More such files, whose paragraphs stand in the index too.")
    private List<Path> others = new ArrayList<>();

    @Option(
            names = "--passages",
            paramLabel = "N",
            split = ",",
            defaultValue = "5,10,20,50",
            description = "How many passages are read (default: ${DEFAULT-VALUE}).")
    private List<Integer> passages;

    @Option(
            names = "--cases",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many questions of each file at most, drawn (default: all).")
    private int cases;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            description =
                    "Makes indexes of so many passages, by repeating the paragraphs with other words, and measures"
                            + " them.")
    private List<Integer> sizes = new ArrayList<>();

    /** Made by picocli. */
    public CollectionCommand() {}

    @Override
    public Integer call() {
        if (cases < 1
                || passages.stream().anyMatch(count -> count < 1)
                || sizes.stream().anyMatch(size -> size < 1)) {
            throw new BenchmarkException("--cases, --passages and --sizes must be at least 1");
        }
        Map<String, List<Question>> questions = new LinkedHashMap<>();
        Set<String> paragraphs = new LinkedHashSet<>();
        for (Path file : options.data()) {
            List<Question> all = new ArrayList<>(StudyOptions.answered(file));
            all.forEach(question -> paragraphs.add(question.context()));
            Collections.shuffle(all, new Random(1));
            questions.put(file.getFileName().toString(), all.subList(0, Math.min(cases, all.size())));
        }
        List<String> asked = List.copyOf(paragraphs);
        others.forEach(file -> StudyOptions.answered(file).forEach(question -> paragraphs.add(question.context())));
        try (Device device = options.open();
                QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model(options.model())
                        .device(device)
                        .build()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(compare(answerer, questions, paragraphs));
            if (!sizes.isEmpty()) {
                out.println();
                out.println(sizes(answerer, asked, questions).markdown());
            }
            out.flush();
        }
        return 0;
    }

    private Table sizes(QuestionAnswerer answerer, List<String> paragraphs, Map<String, List<Question>> questions) {
        List<String> texts = questions.values().stream()
                .flatMap(List::stream)
                .map(Question::question)
                .limit(QUESTIONS_OF_SIZES)
                .toList();
        return new CollectionSizes(
                        answerer, paragraphs, texts, spec.commandLine().getErr())
                .measure(sizes);
    }

    /** Asks all questions of one collection of all paragraphs, a document each. */
    private String compare(QuestionAnswerer answerer, Map<String, List<Question>> questions, Set<String> paragraphs) {
        Map<String, String> names = new LinkedHashMap<>();
        paragraphs.forEach(paragraph -> names.put(paragraph, "paragraph " + names.size()));
        List<Document> documents = new ArrayList<>();
        names.forEach((paragraph, name) -> documents.add(Document.of(name, paragraph)));
        Table table = new Table(
                "<questions", "number", "<reading", "passages", "right document", "exact", "F1", "ms a question");
        for (int count :
                Stream.concat(Stream.of(1), passages.stream()).distinct().toList()) {
            try (DocumentAnswerer collection =
                    DocumentAnswerer.builder(answerer).passages(count).build()) {
                collection.index(documents);
                spec.commandLine()
                        .getErr()
                        .println("benchmarks: " + documents.size() + " documents, " + collection.passages()
                                + " passages, " + count + " read");
                for (CollectionReader reader : readers(collection, answerer, count)) {
                    questions.forEach((file, some) ->
                            table.add(CollectionScores.of(reader, some, names).row(file, reader)));
                }
            }
        }
        return table.markdown();
    }

    private static List<CollectionReader> readers(DocumentAnswerer collection, QuestionAnswerer answerer, int count) {
        CollectionReader oneByOne = new CollectionReader.OneByOne(collection, answerer, count);
        return count == 1 ? List.of(oneByOne) : List.of(oneByOne, new CollectionReader.AsOneText(collection, count));
    }
}
