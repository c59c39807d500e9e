package org.distilqa.benchmarks.study;

import java.io.PrintStream;
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
import org.distilqa.benchmarks.Benchmarks;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.report.Table;
import org.distilqa.device.DeviceOptions;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.text.Document;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures answers from a collection of documents; {@code benchmarks/run collection} starts it. */
@Command(
        name = "benchmarks/run collection",
        description =
                "Puts the paragraphs of question sets into one index, asks the questions of all of them, and compares"
                        + " ours with a search whose passages are read one by one. With --sizes it measures indexes of"
                        + " that many passages.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100)
final class DocumentCollections implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "M",
            defaultValue = "bundled",
            description = "The checkpoint (default: bundled).")
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

    @Option(names = "--device", paramLabel = "D", defaultValue = "auto", description = "The device (default: auto).")
    private String device;

    @Option(names = "--device-option", paramLabel = "NAME=VALUE", description = "A setting of the device.")
    private Map<String, String> deviceOptions = new LinkedHashMap<>();

    private final PrintStream out;
    private final PrintStream err;

    private DocumentCollections(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Measures and ends the process, with the statuses of {@link Benchmarks#main}.
     *
     * @param arguments the options
     */
    public static void main(String[] arguments) {
        Benchmarks.logWarnings();
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Benchmarks.execute(new CommandLine(new DocumentCollections(out, err)), err, arguments);
    }

    @Override
    public Integer call() {
        if (cases < 1
                || passages.stream().anyMatch(count -> count < 1)
                || sizes.stream().anyMatch(size -> size < 1)) {
            throw new BenchmarkException("--cases, --passages and --sizes must be at least 1");
        }
        Map<String, List<AnsweredQuestion>> questions = new LinkedHashMap<>();
        Set<String> paragraphs = new LinkedHashSet<>();
        for (Path file : data) {
            List<AnsweredQuestion> all = new ArrayList<>(AnsweredQuestion.read(file));
            all.forEach(question -> paragraphs.add(question.paragraph()));
            Collections.shuffle(all, new Random(1));
            questions.put(file.getFileName().toString(), all.subList(0, Math.min(cases, all.size())));
        }
        List<String> asked = List.copyOf(paragraphs);
        others.forEach(file -> AnsweredQuestion.read(file).forEach(question -> paragraphs.add(question.paragraph())));
        try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                .model(model)
                .device(device)
                .deviceOptions(new DeviceOptions(deviceOptions))
                .build()) {
            out.println(compare(answerer, questions, paragraphs));
            if (!sizes.isEmpty()) {
                out.println();
                List<String> texts = questions.values().stream()
                        .flatMap(List::stream)
                        .map(AnsweredQuestion::question)
                        .limit(200)
                        .toList();
                out.println(new CollectionSizes(answerer, asked, texts, err)
                        .measure(sizes)
                        .markdown());
            }
        }
        return 0;
    }

    /** Asks all questions of one collection of all paragraphs, a document each. */
    private String compare(
            QuestionAnswerer answerer, Map<String, List<AnsweredQuestion>> questions, Set<String> paragraphs) {
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
                err.println("benchmarks: " + documents.size() + " documents, " + collection.passages() + " passages, "
                        + count + " read");
                List<CollectionReader> readers = new ArrayList<>();
                readers.add(new CollectionReader.OneByOne(collection, answerer, count));
                if (count > 1) {
                    readers.add(new CollectionReader.AsOneText(collection, count));
                }
                for (CollectionReader reader : readers) {
                    questions.forEach((file, some) ->
                            table.add(CollectionScores.of(reader, some, names).row(file, reader)));
                }
            }
        }
        return table.markdown();
    }
}
