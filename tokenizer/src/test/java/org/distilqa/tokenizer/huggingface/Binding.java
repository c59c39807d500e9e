package org.distilqa.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/** A tokenizer of the native library for any definition. */
final class Binding implements AutoCloseable {
    private final TokenizersLibrary library = HuggingFaceTokenizer.loadLibrary();
    private final long handle;

    /** The ids of a text's tokens, and the numbers of their words. */
    record Encoded(long[] ids, long[] words) {}

    Binding(String definition) {
        handle = library.createTokenizerFromString(definition);
    }

    Encoded encode(String text) {
        long encoding = library.encode(handle, text, false);
        try {
            return new Encoded(library.getTokenIds(encoding), library.getWordIds(encoding));
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    @Override
    public void close() {
        library.deleteTokenizer(handle);
    }
}
