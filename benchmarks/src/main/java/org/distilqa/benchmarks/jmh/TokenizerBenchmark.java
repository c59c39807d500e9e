package org.distilqa.benchmarks.jmh;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.contender.TemporaryFolder;
import org.distilqa.benchmarks.peer.TokenizerJson;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.distilqa.tokenizer.huggingface.HuggingFaceTokenizerProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * WordPiece in Java beside the native library's, with one vocabulary and on the same texts.
 *
 * <p>Public and not final because JMH extends it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenizerBenchmark {
    private static final int BOOK = 2_000_000;

    /** Which tokenizer. */
    public enum Kind {
        /** Core's. */
        JAVA,
        /** The native library's. */
        NATIVE
    }

    /** Which texts. */
    public enum Texts {
        /** One question and its paragraph. */
        QUESTION_AND_PARAGRAPH,
        /** All paragraphs, again and again, to two million characters. */
        BOOK
    }

    /** The directory of a checkpoint of BERT's kind. */
    @Param("../shared/golden/tiny-distilbert")
    public String model;

    /** A SQuAD file. */
    @Param("../shared/squad/xquad.en.json")
    public String data;

    /** The tokenizer. */
    @Param
    public Kind kind;

    /** The texts. */
    @Param
    public Texts texts;

    private Tokenizer tokenizer;
    private List<String> inputs;

    /** Made by JMH. */
    public TokenizerBenchmark() {}

    /** Opens the tokenizer and reads the texts. */
    @Setup
    public void open() {
        Path checkpoint = Path.of(model);
        tokenizer = kind == Kind.JAVA ? Tokenizers.open(ModelFiles.of(checkpoint)) : openNative(checkpoint);
        List<Question> questions = Question.read(Path.of(data));
        Question first = questions.get(0);
        if (texts == Texts.QUESTION_AND_PARAGRAPH) {
            inputs = List.of(first.question(), first.context());
        } else {
            String all = questions.stream().map(Question::context).distinct().collect(Collectors.joining("\n"));
            String book =
                    Stream.generate(() -> all).limit(BOOK / all.length() + 1).collect(Collectors.joining("\n"));
            inputs = List.of(book.substring(0, BOOK));
        }
    }

    private static Tokenizer openNative(Path checkpoint) {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            TokenizerJson.write(checkpoint, folder.path().resolve("tokenizer.json"));
            return new HuggingFaceTokenizerProvider().open(ModelFiles.of(folder.path()));
        }
    }

    /** Frees the tokenizer. */
    @TearDown
    public void close() {
        tokenizer.close();
    }

    /**
     * Splits the texts.
     *
     * @return the tokens, so that the run is not left out
     */
    @Benchmark
    public List<TokenizedText> tokenize() {
        return inputs.stream().map(tokenizer::tokenize).toList();
    }
}
