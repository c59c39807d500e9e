package org.distilqa.tokenizer;

import java.nio.file.Path;

/**
 * A kind of tokenizer, found by {@link java.util.ServiceLoader}. An implementation has a public constructor without
 * parameters that does no work and cannot fail, and is safe for use by many threads.
 */
public interface TokenizerProvider {

    /**
     * A name for messages.
     *
     * @return for example {@code huggingface}
     */
    String name();

    /**
     * Whether a checkpoint has the files of this kind of tokenizer.
     *
     * @param checkpoint the checkpoint's directory
     * @return whether {@link #open} should be tried
     */
    boolean supports(Path checkpoint);

    /**
     * Opens the tokenizer of a checkpoint.
     *
     * @param checkpoint the checkpoint's directory
     * @return the tokenizer, which the caller closes
     * @throws org.distilqa.InvalidModelException if a file is missing or malformed, with its name and the reason
     */
    Tokenizer open(Path checkpoint);
}
