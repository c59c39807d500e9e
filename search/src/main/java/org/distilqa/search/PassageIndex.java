package org.distilqa.search;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.distilqa.text.Document;

/**
 * The passages of documents in an index of Lucene, found by BM25. A document is a block: a record of it, then its passages; it is
 * replaced as a whole, so that a search finds all of its old passages or all of its new ones. Safe for use by many threads.
 */
final class PassageIndex implements AutoCloseable {
    /** Goes up when what is written changes. Stands in every commit. */
    private static final String VERSION = "1";

    /** So many different words of a question are looked for. */
    private static final int MOST_WORDS = 256;

    private static final String VERSION_KEY = "distilqa.version";
    private static final String SETTINGS_KEY = "distilqa.settings";

    /** What messages call it. */
    private final String name;

    private final Directory directory;
    private final Analyzer analyzer;
    private final PassageSplitter splitter;
    private final String settings;

    /** Null if it is only read. */
    private final IndexWriter writer;

    private final SearcherManager searchers;

    /** Something done with Lucene. */
    @FunctionalInterface
    private interface Use<T> {
        T run() throws IOException;
    }

    private PassageIndex(
            String name, Directory directory, Analyzer analyzer, PassageSplitter splitter, boolean readOnly)
            throws IOException {
        this.name = name;
        this.directory = directory;
        this.analyzer = analyzer;
        this.splitter = splitter;
        this.settings = splitter + ", " + analyzer.getClass().getName();
        boolean exists = DirectoryReader.indexExists(directory);
        if (exists) {
            requireVersion();
        } else if (readOnly) {
            throw new IndexException(name + ": there is no index in it; index documents first");
        }
        this.writer = readOnly ? null : openWriter(exists);
        this.searchers = readOnly ? new SearcherManager(directory, null) : new SearcherManager(writer, null);
    }

    /** An index in memory, which ends with the process. */
    static PassageIndex inMemory(Analyzer analyzer, PassageSplitter splitter) {
        return open("the index in memory", new ByteBuffersDirectory(), analyzer, splitter, false);
    }

    /**
     * An index on the disk.
     *
     * @param path its directory; made if it is missing, unless it is only read
     * @param readOnly whether it is only read; then another process may be writing to it
     * @throws IndexException if there is none to be read, or it is damaged, of another version or locked, or the directory holds
     *     something else
     */
    static PassageIndex at(Path path, Analyzer analyzer, PassageSplitter splitter, boolean readOnly) {
        try {
            if (readOnly && !Files.isDirectory(path)) {
                throw new IndexException(path + ": there is no such directory, and so no index");
            }
            if (!readOnly) {
                Files.createDirectories(path);
                requireNothingElse(path);
            }
            return open(path.toString(), FSDirectory.open(path), analyzer, splitter, readOnly);
        } catch (IOException e) {
            throw new IndexException(path + ": cannot be used for an index: " + e, e);
        }
    }

    static boolean isAt(Path path) {
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(path, "segments_*")) {
            return segments.iterator().hasNext();
        } catch (IOException e) {
            // There is no such directory, or it may not be looked into.
            return false;
        }
    }

    private static PassageIndex open(
            String name, Directory directory, Analyzer analyzer, PassageSplitter splitter, boolean readOnly) {
        try {
            return new PassageIndex(name, directory, analyzer, splitter, readOnly);
        } catch (IOException e) {
            closeAfter(e, directory);
            throw explained(name, e);
        } catch (RuntimeException e) {
            closeAfter(e, directory);
            throw e instanceof IndexException ? e : explained(name, e);
        }
    }

    private static void closeAfter(Exception failure, AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    /** So that no index is strewn among somebody's files. */
    private static void requireNothingElse(Path path) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String found = file.getFileName().toString();
                if (!found.startsWith("segments") && !found.startsWith("_") && !found.equals("write.lock")) {
                    throw new IndexException(path + ": is not empty and no index: there is " + found
                            + " in it; give the index a directory of its own");
                }
            }
        }
    }

    private void requireVersion() throws IOException {
        Map<String, String> written = SegmentInfos.readLatestCommit(directory).getUserData();
        String version = written.get(VERSION_KEY);
        if (!VERSION.equals(version)) {
            throw new IndexException(name + ": is an index "
                    + (version == null ? "that DistilQA did not write" : "of version " + version)
                    + ", and this is version " + VERSION + "; delete it and index again");
        }
        if (!settings.equals(written.get(SETTINGS_KEY))) {
            throw new IndexException(name + ": was made with other settings (" + written.get(SETTINGS_KEY) + "; now "
                    + settings + "); delete it and index again, or use those");
        }
    }

    private IndexWriter openWriter(boolean exists) throws IOException {
        IndexWriter opened = new IndexWriter(directory, new IndexWriterConfig(analyzer).setCommitOnClose(false));
        try {
            if (!exists) {
                commit(opened);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            closeAfter(e, opened);
            throw e;
        }
    }

    private void commit(IndexWriter committing) throws IOException {
        committing.setLiveCommitData(
                Map.of(VERSION_KEY, VERSION, SETTINGS_KEY, settings).entrySet());
        committing.commit();
    }

    /** Puts a document in, in the place of the one of its name if there is one. It is found after the next {@link #commit}. */
    void put(Document document, String state) {
        List<org.apache.lucene.document.Document> block = new ArrayList<>();
        block.add(PassageFields.record(new DocumentRecord(document.name(), state, "")));
        for (PassageSplitter.Stretch stretch : splitter.split(document.text())) {
            block.add(PassageFields.passage(document, stretch));
        }
        replace(document.name(), block);
    }

    /** Takes down that a file could not be read, in the place of its document if there is one. */
    void putFailure(DocumentRecord failed) {
        replace(failed.name(), List.of(PassageFields.record(failed)));
    }

    private void replace(String document, List<org.apache.lucene.document.Document> block) {
        if (document.length() > PassageFields.LONGEST_NAME) {
            throw new IndexException("the name of a document has " + document.length() + " characters; at most "
                    + PassageFields.LONGEST_NAME + " will do");
        }
        use(() -> writing().updateDocuments(new Term(PassageFields.DOCUMENT, document), block));
    }

    /** Takes a document out; it is found no more after the next {@link #commit}. */
    void remove(String document) {
        use(() -> writing().deleteDocuments(new Term(PassageFields.DOCUMENT, document)));
    }

    /** Writes what was put in and taken out to the disk, and lets searches see it. */
    void commit() {
        use(() -> {
            commit(writing());
            searchers.maybeRefreshBlocking();
            return null;
        });
    }

    /** Sees what another process has committed to an index that is only read. */
    void refresh() {
        use(searchers::maybeRefresh);
    }

    private IndexWriter writing() {
        if (writer == null) {
            throw new IndexException(name + ": was opened to be read only");
        }
        return writer;
    }

    /**
     * The passages that share words with a question, the best first.
     *
     * @param count how many at most
     * @throws org.distilqa.DeadlineExceededException if the deadline passed
     */
    List<IndexedPassage> search(String question, int count, Deadline deadline) {
        Query query = wordsOf(question);
        return search(shared -> {
            // The deadline is this search's alone.
            IndexSearcher searcher = new IndexSearcher(shared.getIndexReader());
            searcher.setTimeout(deadline::hasPassed);
            ScoreDoc[] hits = searcher.search(query, count).scoreDocs;
            if (searcher.timedOut()) {
                throw deadline.exceeded(null);
            }
            List<IndexedPassage> found = new ArrayList<>();
            StoredFields stored = searcher.storedFields();
            for (ScoreDoc hit : hits) {
                found.add(PassageFields.passage(stored.document(hit.doc, PassageFields.stored()), hit.score));
            }
            return found;
        });
    }

    /** A passage with any of a question's words; of a very long question, of its first words. */
    private Query wordsOf(String question) {
        Set<String> words = new LinkedHashSet<>();
        use(() -> {
            try (TokenStream tokens = analyzer.tokenStream(PassageFields.WORDS, question)) {
                CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
                tokens.reset();
                while (words.size() < MOST_WORDS && tokens.incrementToken()) {
                    words.add(word.toString());
                }
                return null;
            }
        });
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        words.forEach(
                word -> query.add(new TermQuery(new Term(PassageFields.WORDS, word)), BooleanClause.Occur.SHOULD));
        return query.build();
    }

    /** Tells of every document. */
    void forEachDocument(Consumer<DocumentRecord> told) {
        search(searcher -> {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                PostingsEnum records =
                        leaf.reader().postings(new Term(PassageFields.KIND, PassageFields.RECORD), PostingsEnum.NONE);
                Bits live = leaf.reader().getLiveDocs();
                StoredFields stored = leaf.reader().storedFields();
                for (int at = records == null ? DocIdSetIterator.NO_MORE_DOCS : records.nextDoc();
                        at != DocIdSetIterator.NO_MORE_DOCS;
                        at = records.nextDoc()) {
                    if (live == null || live.get(at)) {
                        told.accept(PassageFields.record(stored.document(at)));
                    }
                }
            }
            return null;
        });
    }

    /** How many documents it holds, those that could not be read among them. */
    int documents() {
        return search(searcher -> searcher.count(new TermQuery(new Term(PassageFields.KIND, PassageFields.RECORD))));
    }

    /** How many passages it holds. */
    int passages() {
        return search(searcher -> searcher.getIndexReader().numDocs()) - documents();
    }

    /** What is asked of one state of the index. */
    @FunctionalInterface
    private interface Search<T> {
        T of(IndexSearcher searcher) throws IOException;
    }

    private <T> T search(Search<T> search) {
        return use(() -> {
            IndexSearcher searcher = searchers.acquire();
            try {
                return search.of(searcher);
            } finally {
                searchers.release(searcher);
            }
        });
    }

    private <T> T use(Use<T> use) {
        try {
            return use.run();
        } catch (IOException | AlreadyClosedException e) {
            throw explained(name, e);
        }
    }

    /** What went wrong, in words, and what to do. */
    private static IndexException explained(String name, Exception failure) {
        if (failure instanceof LockObtainFailedException) {
            return new IndexException(
                    name
                            + ": another process, or another DocumentAnswerer of this one, is writing to this index;"
                            + " wait until it is closed, or open it to be read only",
                    failure);
        }
        if (failure instanceof IndexFormatTooOldException || failure instanceof IndexFormatTooNewException) {
            return new IndexException(
                    name + ": was written by another version of Lucene; delete it and index again: "
                            + failure.getMessage(),
                    failure);
        }
        if (failure instanceof CorruptIndexException
                || failure instanceof EOFException
                || failure instanceof NoSuchFileException
                || failure instanceof IllegalArgumentException) {
            return new IndexException(
                    name + ": the index is damaged; delete it and index again: " + failure.getMessage(), failure);
        }
        if (failure instanceof AlreadyClosedException) {
            Throwable cause = failure.getCause();
            return cause instanceof Exception e && !(e instanceof AlreadyClosedException)
                    ? explained(name, e)
                    : new IndexException(name + ": is closed", failure);
        }
        return new IndexException(name + ": cannot be read or written: " + failure, failure);
    }

    /** Closes it; what was not committed is not kept. */
    @Override
    public void close() {
        use(() -> {
            searchers.close();
            if (writer != null) {
                writer.rollback();
            }
            directory.close();
            return null;
        });
    }
}
