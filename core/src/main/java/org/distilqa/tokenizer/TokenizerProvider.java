package org.distilqa.tokenizer;

import org.distilqa.model.ModelFiles;

/**
 * A kind of tokenizer, found by {@link java.util.ServiceLoader}, and asked for models whose tokenizer is not of BERT's kind,
 * which {@link Tokenizers} reads itself. An implementation has a public constructor without parameters that does no work and
 * cannot fail, and is safe for use by many threads.
 */
public interface TokenizerProvider {

    /**
     * A name for messages.
     *
     * @return for example {@code huggingface}
     */
    String name();

    /**
     * Whether a model has the files of this kind of tokenizer.
     *
     * @param files the model's files
     * @return whether {@link #open} should be tried
     */
    boolean supports(ModelFiles files);

    /**
     * Opens the tokenizer of a model.
     *
     * @param files the model's files, which {@link ModelFiles#read} reads
     * @return the tokenizer, which the caller closes
     * @throws org.distilqa.InvalidModelException if a file is missing or malformed, with its
     *     {@linkplain ModelFiles#location(String) location} and the reason
     */
    Tokenizer open(ModelFiles files);
}
