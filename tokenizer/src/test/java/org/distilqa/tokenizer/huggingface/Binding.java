package org.distilqa.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/** A tokenizer of the native library for any definition, as it gives its results: places in code points. */
final class Binding implements AutoCloseable {
    private final TokenizersLibrary library = HuggingFaceTokenizer.loadLibrary();
    private final long handle;

    /** What the library gives for a text. */
    record Encoded(long[] ids, CharSpan[] spans, long[] words) {}

    Binding(String definition) {
        handle = library.createTokenizerFromString(definition);
    }

    Encoded encode(String text) {
        long encoding = library.encode(handle, text, false);
        try {
            return new Encoded(
                    library.getTokenIds(encoding), library.getTokenCharSpans(encoding), library.getWordIds(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public void close() {
        library.deleteTokenizer(handle);
    }
}
