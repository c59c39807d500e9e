package org.distilqa.search;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.distilqa.Answer;
import org.distilqa.AnswerOptions;
import org.distilqa.DeadlineExceededException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.PassageAnswer;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;
import org.distilqa.internal.Ranges;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentReader;

/**
 * Answers questions from a collection of documents. An index of Lucene, on the disk or in memory, holds their passages; BM25 picks
 * those that share the question's words, and a {@link QuestionAnswerer} reads them, all with one distribution.
 *
 * <pre>{@code
 * try (QuestionAnswerer answerer = QuestionAnswerer.builder().model("bundled").build();
 *         DocumentAnswerer documents = DocumentAnswerer.builder(answerer).index(Path.of("index")).build()) {
 *     documents.indexFolder(Path.of("papers"));
 *     documents.answer("Who built the mill?").ifPresent(answer ->
 *             System.out.println(answer.text() + " in " + answer.document() + ", line " + answer.line()));
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. Questions are answered while documents are indexed, from what was indexed before; a document's old
 * passages and its new ones are never mixed. Documents are indexed by one caller at a time; others wait. One process at a time may
 * have an index on the disk open for writing, any number {@link Builder#readOnly} beside it.
 */
public final class DocumentAnswerer implements AutoCloseable {
    /** How many passages are read for a question, unless the builder says otherwise. */
    public static final int DEFAULT_PASSAGES = 20;

    /** The longest passage, in characters, unless the builder says otherwise. */
    public static final int DEFAULT_PASSAGE_LENGTH = 1500;

    /** The longest file that is read, in bytes, unless the builder says otherwise: 100 MiB. */
    public static final long DEFAULT_LONGEST_FILE = 100L << 20;

    /** What was indexed is committed at least so often, in documents. */
    static final int COMMIT_AFTER = 10_000;

    /** How much a passage counts less that fits the question less: the ratio of its BM25 to the best one's to this power. */
    private static final double WEIGHT_EXPONENT = 5;

    private static final double LEAST_WEIGHT = 1e-9;

    private static final DocumentPrediction NOTHING_FOUND = new DocumentPrediction(List.of(), 1, 0, 0);

    private final QuestionAnswerer answerer;
    private final Optional<Path> path;
    private final PassageIndex index;
    private final AnyFormatReader reader;
    private final int passages;
    private final long longestFile;
    private final Object indexing = new Object();

    private DocumentAnswerer(Builder builder) {
        this.answerer = builder.answerer;
        this.path = Optional.ofNullable(builder.index)
                .map(given -> given.toAbsolutePath().normalize());
        this.reader = new AnyFormatReader(builder.reader);
        this.passages = builder.passages;
        this.longestFile = builder.longestFile;
        PassageSplitter splitter = PassageSplitter.ofLength(builder.passageLength);
        if (path.isEmpty() && builder.readOnly) {
            throw new InvalidConfigurationException("an index in memory cannot be read only: nothing would be in it");
        }
        this.index = path.isEmpty()
                ? PassageIndex.inMemory(builder.analyzer, splitter)
                : PassageIndex.at(path.get(), builder.analyzer, splitter, builder.readOnly);
    }

    /**
     * A builder.
     *
     * @param answerer what reads the passages; it stays the caller's to close
     * @return a builder with the defaults: an index in memory
     */
    public static Builder builder(QuestionAnswerer answerer) {
        return new Builder(answerer);
    }

    /**
     * Whether a directory holds an index of Lucene.
     *
     * @param directory the directory
     * @return whether it does; not whether the index can be read
     */
    public static boolean isIndex(Path directory) {
        return PassageIndex.isAt(directory);
    }

    /**
     * Puts documents into the index, each in the place of the one of its name if there is one.
     *
     * @param documents the documents; taken one after another, so that any number will do
     * @param progress is told of each
     * @return how many there were
     * @throws IndexException if the index is read only, closed, or cannot be written
     */
    public int index(Iterable<Document> documents, IndexingProgress progress) {
        synchronized (indexing) {
            int done = 0;
            for (Document document : documents) {
                index.put(document, "");
                done++;
                progress.taken(done, 0);
                if (done % COMMIT_AFTER == 0) {
                    index.commit();
                }
            }
            index.commit();
            return done;
        }
    }

    /**
     * As {@link #index(Iterable, IndexingProgress)}, without being told.
     *
     * @param documents the documents
     * @return how many there were
     */
    public int index(Iterable<Document> documents) {
        return index(documents, (done, total) -> {});
    }

    /**
     * Takes documents out of the index. Names that it does not hold are passed over.
     *
     * @param documents their names
     * @throws IndexException if the index is read only, closed, or cannot be written
     */
    public void remove(Iterable<String> documents) {
        synchronized (indexing) {
            documents.forEach(index::remove);
            index.commit();
        }
    }

    /**
     * Brings the index up to date with a folder and the folders in it: reads the files that are new, or have another time or size than
     * when they were read, or were read with other settings of the {@link Builder#reader}, and takes out those that are gone. Text, Markdown and HTML are read with the {@link DocumentReader}, PDF and
     * the formats of Word, PowerPoint and Excel with Apache Tika. A document's name is its file's absolute path. Files whose names begin
     * with a point are left out. What cannot be read is told of in the report, and ends nothing.
     *
     * @param folder the folder
     * @param progress is told of each file
     * @return what was done
     * @throws IndexException if there is no such folder, or nothing in it that can be read; if the index is read only, closed, or
     *     cannot be written
     */
    public FolderReport indexFolder(Path folder, IndexingProgress progress) {
        synchronized (indexing) {
            Path absolute = folder.toAbsolutePath().normalize();
            List<String> unreadable = new ArrayList<>();
            FolderFiles files = new FolderFiles(absolute, path, reader, longestFile, unreadable);
            return new FolderUpdate(index, absolute, files, unreadable).run(progress);
        }
    }

    /**
     * As {@link #indexFolder(Path, IndexingProgress)}, without being told.
     *
     * @param folder the folder
     * @return what was done
     */
    public FolderReport indexFolder(Path folder) {
        return indexFolder(folder, (done, total) -> {});
    }

    /**
     * Answers a question with the default options.
     *
     * @param question the question
     * @return the best answer; empty if no passage shares a word with the question
     * @throws QuestionAnsweringException as {@link #predict(String, AnswerOptions)} says
     */
    public Optional<DocumentAnswer> answer(String question) {
        return predict(question, AnswerOptions.defaults()).best();
    }

    /**
     * Answers a question.
     *
     * @param question the question
     * @param options how to answer it: {@code topK}, {@code handleImpossibleAnswer} and so on. There is no second reading of passages
     * @return the answers
     * @throws InvalidRequestException if the question is null or blank
     * @throws IndexException if the index is closed or damaged
     * @throws QuestionAnsweringException as {@link QuestionAnswerer#predict(QuestionRequest)} says
     */
    public DocumentPrediction predict(String question, AnswerOptions options) {
        return predict(question, options, Deadline.none());
    }

    /**
     * As {@link #predict(String, AnswerOptions)}, within a time: when it is over, the search and the reading end.
     *
     * @param question the question
     * @param options how to answer it
     * @param deadline more than zero and at most a hundred years, from now on
     * @return the answers
     * @throws InvalidRequestException if the question is null or blank, or the deadline null or out of that range
     * @throws DeadlineExceededException if the deadline passed
     * @throws IndexException if the index is closed or damaged
     * @throws QuestionAnsweringException as {@link QuestionAnswerer#predict(QuestionRequest)} says
     */
    public DocumentPrediction predict(String question, AnswerOptions options, Duration deadline) {
        return predict(question, options, Deadline.in(deadline));
    }

    private DocumentPrediction predict(String question, AnswerOptions options, Deadline deadline) {
        List<IndexedPassage> found = search(question, deadline);
        if (found.isEmpty()) {
            return NOTHING_FOUND;
        }
        QuestionRequest request = deadline.limit(request(question, options, found));
        try {
            return placed(request, answerer.predict(request), found);
        } catch (DeadlineExceededException e) {
            throw deadline.exceeded(e);
        }
    }

    /**
     * Answers a question while the caller does something else. The passages are found before this returns.
     *
     * @param question the question
     * @param options as {@link #predict(String, AnswerOptions)} says
     * @return the answers to come, or the failure; cancelling it ends the reading
     * @throws InvalidRequestException if the question is null or blank
     * @throws IndexException if the index is closed or damaged
     */
    public CompletableFuture<DocumentPrediction> predictAsync(String question, AnswerOptions options) {
        return predictAsync(question, options, Deadline.none());
    }

    /**
     * As {@link #predictAsync(String, AnswerOptions)}, within a time: when it is over, the reading ends, and the answers to come fail with
     * a {@link DeadlineExceededException}.
     *
     * @param question the question
     * @param options how to answer it
     * @param deadline more than zero and at most a hundred years, from now on
     * @return the answers to come, or the failure; cancelling it ends the reading
     * @throws InvalidRequestException if the question is null or blank, or the deadline null or out of that range
     * @throws IndexException if the index is closed or damaged
     */
    public CompletableFuture<DocumentPrediction> predictAsync(
            String question, AnswerOptions options, Duration deadline) {
        return predictAsync(question, options, Deadline.in(deadline));
    }

    private CompletableFuture<DocumentPrediction> predictAsync(
            String question, AnswerOptions options, Deadline deadline) {
        List<IndexedPassage> found;
        QuestionRequest request;
        try {
            found = search(question, deadline);
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(NOTHING_FOUND);
            }
            request = deadline.limit(request(question, options, found));
        } catch (DeadlineExceededException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Prediction> reading = answerer.predictAsync(request);
        CompletableFuture<DocumentPrediction> answers = reading.thenApply(
                        prediction -> placed(request, prediction, found))
                .exceptionally(failure -> {
                    throw new CompletionException(deadline.explained(failure));
                });
        answers.whenComplete((prediction, failure) -> {
            if (answers.isCancelled()) {
                reading.cancel(true);
            }
        });
        return answers;
    }

    private List<IndexedPassage> search(String question, Deadline deadline) {
        requireQuestion(question);
        return index.search(question, passages, deadline);
    }

    private static QuestionRequest request(String question, AnswerOptions options, List<IndexedPassage> passages) {
        return QuestionRequest.ofPassages(
                        question,
                        passages.stream()
                                .map(passage -> passage.passage().text())
                                .toList())
                .withPassageWeights(weights(passages))
                .withOptions(options);
    }

    private static List<Double> weights(List<IndexedPassage> passages) {
        double best = passages.get(0).score();
        return passages.stream()
                .map(passage -> Math.max(LEAST_WEIGHT, Math.pow(passage.score() / best, WEIGHT_EXPONENT)))
                .toList();
    }

    private static DocumentPrediction placed(
            QuestionRequest request, Prediction prediction, List<IndexedPassage> passages) {
        List<DocumentAnswer> answers = new ArrayList<>();
        for (Answer answer : prediction.answers()) {
            if (answer.isEmpty()) {
                // Those behind it are less likely than that there is none.
                break;
            }
            PassageAnswer inPassage = request.inPassage(answer);
            answers.add(passages.get(inPassage.passage()).placed(inPassage.answer()));
        }
        return new DocumentPrediction(answers, prediction.noAnswerScore(), passages.size(), prediction.windows());
    }

    /**
     * Finds the passages that share words with a question, without reading them.
     *
     * @param question the question, or any words
     * @param count how many at most, at least 1
     * @return the passages, the best first
     * @throws InvalidRequestException if the question is null or blank, or the count less than 1
     * @throws IndexException if the index is closed or damaged
     */
    public List<FoundPassage> find(String question, int count) {
        requireQuestion(question);
        if (count < 1) {
            throw new InvalidRequestException("the count of passages is " + count + "; it must be at least 1");
        }
        return index.search(question, count, Deadline.none()).stream()
                .map(IndexedPassage::found)
                .toList();
    }

    private static void requireQuestion(String question) {
        if (question == null || question.isBlank()) {
            throw new InvalidRequestException("the question is " + (question == null ? "null" : "empty"));
        }
    }

    /**
     * How many documents the index holds, files that could not be read among them.
     *
     * @return at least 0
     */
    public int documents() {
        return index.documents();
    }

    /**
     * How many passages the index holds.
     *
     * @return at least 0
     */
    public int passages() {
        return index.passages();
    }

    /** Lets an index that is only read see what another process has committed since. Otherwise it does nothing that matters. */
    public void refresh() {
        index.refresh();
    }

    /**
     * Closes the index. What a call of {@code index} or {@code indexFolder} has not finished is not kept, and that call fails; questions
     * under way are answered. The {@link QuestionAnswerer} stays open.
     */
    @Override
    public void close() {
        index.close();
    }

    /** Sets up a {@link DocumentAnswerer}. Not safe for use by many threads. */
    public static final class Builder {
        private final QuestionAnswerer answerer;
        private Path index;
        private boolean readOnly;
        private int passages = DEFAULT_PASSAGES;
        private int passageLength = DEFAULT_PASSAGE_LENGTH;
        private long longestFile = DEFAULT_LONGEST_FILE;
        private Analyzer analyzer = new EnglishAnalyzer();
        private DocumentReader reader = new DocumentReader();

        private Builder(QuestionAnswerer answerer) {
            if (answerer == null) {
                throw new InvalidConfigurationException("the answerer is null");
            }
            this.answerer = answerer;
        }

        /**
         * Keeps the index on the disk.
         *
         * @param directory a directory of its own; made if it is missing
         * @return this builder
         */
        public Builder index(Path directory) {
            this.index = directory;
            return this;
        }

        /**
         * Keeps the index of a folder on the disk, in the user's cache: below {@code XDG_CACHE_HOME}, {@code LOCALAPPDATA} on Windows,
         * otherwise {@code ~/.cache}, in {@code distilqa/collections}. The folder itself stays as it is.
         *
         * @param folder the folder that is to be indexed
         * @return this builder
         */
        public Builder indexInCacheFor(Path folder) {
            return index(IndexCache.directory(folder.toAbsolutePath().normalize(), System.getenv()));
        }

        /**
         * Whether the index is only read, beside a process that writes to it.
         *
         * @param readOnly whether nothing is written
         * @return this builder
         */
        public Builder readOnly(boolean readOnly) {
            this.readOnly = readOnly;
            return this;
        }

        /**
         * How many passages are read for a question.
         *
         * @param passages from 1 to 1,000; {@value DocumentAnswerer#DEFAULT_PASSAGES} otherwise
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder passages(int passages) {
            this.passages = Ranges.require("passages", passages, 1, 1000, InvalidConfigurationException::new);
            return this;
        }

        /**
         * How long a passage is at most. Another length than an index was made with is refused.
         *
         * @param characters from 100 to 100,000; {@value DocumentAnswerer#DEFAULT_PASSAGE_LENGTH} otherwise
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder passageLength(int characters) {
            this.passageLength =
                    Ranges.require("passageLength", characters, 100, 100_000, InvalidConfigurationException::new);
            return this;
        }

        /**
         * How large a file may be that is read.
         *
         * @param bytes from 1 to 2,147,483,639; 100 MiB otherwise
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder longestFile(long bytes) {
            this.longestFile =
                    Ranges.require("longestFile", bytes, 1, Integer.MAX_VALUE - 8, InvalidConfigurationException::new);
            return this;
        }

        /**
         * What makes words of texts and questions. Another one than an index was made with is refused.
         *
         * @param analyzer an analyzer, whose class tells it from others; one for English otherwise, which finds words by their stems
         * @return this builder
         */
        public Builder analyzer(Analyzer analyzer) {
            this.analyzer = analyzer;
            return this;
        }

        /**
         * What reads text, Markdown and HTML.
         *
         * @param reader a reader, such as one with an encoding
         * @return this builder
         */
        public Builder reader(DocumentReader reader) {
            this.reader = reader;
            return this;
        }

        /**
         * Opens the index.
         *
         * @return a document answerer; close it when done
         * @throws IndexException if the index is damaged, of another version or other settings, or locked; if the directory holds
         *     something else, or, to be read only, nothing
         */
        public DocumentAnswerer build() {
            return new DocumentAnswerer(this);
        }
    }
}
