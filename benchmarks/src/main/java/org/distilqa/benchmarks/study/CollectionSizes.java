package org.distilqa.benchmarks.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.AnswerOptions;
import org.distilqa.QuestionAnswerer;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.TemporaryFolder;
import org.distilqa.benchmarks.report.Figures;
import org.distilqa.benchmarks.report.Table;
import org.distilqa.search.DocumentAnswerer;
import org.distilqa.text.Document;

/** Indexes of many passages on the disk: what they take. */
final class CollectionSizes {
    /** Every so many words of a repeated paragraph are others. */
    private static final int CHANGED = 8;

    private final QuestionAnswerer answerer;
    private final List<String> paragraphs;
    private final List<String> questions;
    private final PrintWriter err;

    /** All words of all paragraphs, as often as they stand there. */
    private final List<String> words;

    CollectionSizes(QuestionAnswerer answerer, List<String> paragraphs, List<String> questions, PrintWriter err) {
        this.answerer = answerer;
        this.paragraphs = paragraphs;
        this.questions = questions;
        this.err = err;
        this.words = paragraphs.stream()
                .flatMap(text -> Stream.of(text.split("\\s+")))
                .toList();
    }

    Table measure(List<Integer> sizes) {
        Table table = new Table(
                "passages",
                "text, MB",
                "index, MB",
                "indexing, s",
                "passages a second",
                "ms a search",
                "ms a question");
        sizes.forEach(size -> table.add(row(size)));
        return table;
    }

    private String[] row(int size) {
        err.println("benchmarks: an index of " + size + " documents");
        try (TemporaryFolder folder = new TemporaryFolder();
                DocumentAnswerer collection =
                        DocumentAnswerer.builder(answerer).index(folder.path()).build()) {
            long[] characters = {0};
            long begin = System.nanoTime();
            collection.index(() -> documents(size, characters));
            double indexing = (System.nanoTime() - begin) / 1e9;
            collection.find(questions.get(0), 20);
            double search = milliseconds(question -> collection.find(question, 20));
            double question = milliseconds(asked -> collection.predict(asked, AnswerOptions.defaults()));
            return new String[] {
                String.valueOf(collection.passages()),
                format(characters[0] / 1e6),
                format(size(folder.path()) / 1e6),
                format(indexing),
                format(collection.passages() / indexing),
                format(search),
                format(question)
            };
        } catch (IOException e) {
            throw new BenchmarkException("the index of " + size + " passages cannot be measured: " + e, e);
        }
    }

    private double milliseconds(Consumer<String> asking) {
        long begin = System.nanoTime();
        questions.forEach(asking);
        return (System.nanoTime() - begin) / 1e6 / questions.size();
    }

    private Iterator<Document> documents(int size, long... characters) {
        Random random = new Random(7);
        return IntStream.range(0, size)
                .mapToObj(i -> {
                    String text = paragraphs.get(i % paragraphs.size());
                    String changed = i < paragraphs.size() ? text : changed(text, random);
                    characters[0] += changed.length();
                    return Document.of("document " + i, changed);
                })
                .iterator();
    }

    private String changed(String text, Random random) {
        String[] changed = text.split(" ");
        for (int i = random.nextInt(CHANGED); i < changed.length; i += 1 + random.nextInt(2 * CHANGED)) {
            changed[i] = words.get(random.nextInt(words.size()));
        }
        return String.join(" ", changed);
    }

    private static long size(Path directory) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                size += Files.size(file);
            }
        }
        return size;
    }

    private static String format(double value) {
        return value < 100 ? Figures.tenths(value) : String.format(Locale.ROOT, "%,.0f", value);
    }
}
