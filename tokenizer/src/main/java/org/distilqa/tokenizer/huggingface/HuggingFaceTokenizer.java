package org.distilqa.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.definition.UnicodeText;

/**
 * A tokenizer of the Hugging Face tokenizers library.
 *
 * <p>It calls the binding's native methods, not its {@code HuggingFaceTokenizer}: that one reports to its makers over the
 * network when it is first used, and builds strings and masks that nothing here reads.
 */
final class HuggingFaceTokenizer implements Tokenizer {
    private static final long CLOSED = 0;

    private static boolean loaded;

    private final TokenizersLibrary library;
    private final String source;
    private final int vocabularySize;
    private final int classToken;
    private final int separatorToken;
    private final boolean givesTokenTypes;

    /** Held for reading by calls under way, for writing by close: the native tokenizer outlives its calls. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private long handle;

    private HuggingFaceTokenizer(
            TokenizersLibrary library,
            String source,
            long handle,
            int vocabularySize,
            int classToken,
            int separatorToken,
            boolean givesTokenTypes) {
        this.library = library;
        this.source = source;
        this.handle = handle;
        this.vocabularySize = vocabularySize;
        this.classToken = classToken;
        this.separatorToken = separatorToken;
        this.givesTokenTypes = givesTokenTypes;
    }

    static synchronized TokenizersLibrary loadLibrary() {
        if (loaded) {
            return TokenizersLibrary.LIB;
        }
        // On a machine with an NVIDIA card the binding would look for a build for it, and download one.
        if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        try {
            UnpackedLibrary.removeUnlessSound(Utils.getEnvOrSystemProperty("RUST_FLAVOR"));
            LibUtils.checkStatus();
            loaded = true;
            return TokenizersLibrary.LIB;
        } catch (RuntimeException | IOException | LinkageError | AssertionError e) {
            // An AssertionError is what the binding throws on a platform that it does not know.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            if (String.valueOf(reason.getMessage()).contains("already loaded in another class")) {
                throw new QuestionAnsweringException(
                        "the native tokenizer library is in use by another class loader of this process, and Java lets only"
                                + " one have it: " + reason.getMessage()
                                + ". Put distilqa-tokenizer and ai.djl.huggingface:tokenizers where all applications share"
                                + " them. Tokenizers of BERT's kind need neither",
                        e);
            }
            throw new QuestionAnsweringException(
                    "the native tokenizer library could not be loaded: " + reason.getMessage()
                            + ". It is unpacked into the directory named by the environment variable DJL_CACHE_DIR, by"
                            + " default .djl.ai in the home directory; is there room, may this process write there,"
                            + " and is this platform Linux, macOS or Windows on x86-64 or arm64?",
                    e);
        }
    }

    /**
     * Makes the tokenizer of a definition.
     *
     * @throws InvalidModelException if the library refuses the definition, or it is not one for pairs of texts as BERT's
     */
    static HuggingFaceTokenizer open(TokenizerDefinition definition) {
        TokenizersLibrary library = loadLibrary();
        long handle;
        try {
            handle = library.createTokenizerFromString(definition.json());
        } catch (RuntimeException e) {
            throw new InvalidModelException(
                    definition.source() + ": is not a tokenizer's definition: " + e.getMessage(), e);
        }
        try {
            long[] special = specialTokens(library, handle);
            if (special.length != 2) {
                throw new InvalidModelException(definition.source() + ": the tokenizer puts " + special.length
                        + " special tokens around a text; BERT's puts [CLS] before and [SEP] after it");
            }
            return new HuggingFaceTokenizer(
                    library,
                    definition.source(),
                    handle,
                    definition.vocabularySize(),
                    Math.toIntExact(special[0]),
                    Math.toIntExact(special[1]),
                    definition.givesTokenTypes());
        } catch (RuntimeException e) {
            library.deleteTokenizer(handle);
            throw e;
        }
    }

    /** What the tokenizer's own template puts around an empty text. */
    private static long[] specialTokens(TokenizersLibrary library, long handle) {
        long encoding = library.encode(handle, "", true);
        try {
            return library.getTokenIds(encoding);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public TokenizedText tokenize(String text) {
        lifetime.readLock().lock();
        try {
            if (handle == CLOSED) {
                throw new ClosedException("the tokenizer was closed");
            }
            long encoding = encode(text);
            try {
                return tokenizedText(
                        text,
                        library.getTokenIds(encoding),
                        library.getTokenCharSpans(encoding),
                        library.getWordIds(encoding));
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private long encode(String text) {
        try {
            return library.encode(handle, UnicodeText.wellFormed(text), false);
        } catch (RuntimeException e) {
            // A definition can be well-formed and still not do for every text, such as one without its unknown token.
            throw new InvalidModelException(source + ": cannot split a text into tokens: " + e.getMessage(), e);
        }
    }

    private static TokenizedText tokenizedText(String text, long[] ids, CharSpan[] spans, long[] words) {
        int[] tokenIds = new int[ids.length];
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int[] wordNumbers = new int[ids.length];
        int[] units = utf16Offsets(text);
        for (int i = 0; i < ids.length; i++) {
            tokenIds[i] = Math.toIntExact(ids[i]);
            starts[i] = units.length == 0 ? spans[i].getStart() : units[spans[i].getStart()];
            ends[i] = units.length == 0 ? spans[i].getEnd() : units[spans[i].getEnd()];
            boolean sameWord = i > 0 && words[i] >= 0 && words[i] == words[i - 1];
            wordNumbers[i] = i == 0 ? 0 : wordNumbers[i - 1] + (sameWord ? 0 : 1);
        }
        return new TokenizedText(tokenIds, starts, ends, wordNumbers);
    }

    /**
     * For each code point, which are what the library counts, and for the end of the text, its offset in UTF-16 units.
     * Empty where the two are the same.
     */
    private static int[] utf16Offsets(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return new int[0];
        }
        int[] offsets = new int[codePoints + 1];
        int unit = 0;
        for (int i = 0; i < codePoints; i++) {
            offsets[i] = unit;
            unit += Character.charCount(text.codePointAt(unit));
        }
        offsets[codePoints] = unit;
        return offsets;
    }

    @Override
    public int classToken() {
        return classToken;
    }

    @Override
    public int separatorToken() {
        return separatorToken;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public boolean givesTokenTypes() {
        return givesTokenTypes;
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (handle != CLOSED) {
                library.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
