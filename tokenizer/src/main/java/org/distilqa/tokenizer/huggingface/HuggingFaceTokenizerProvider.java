package org.distilqa.tokenizer.huggingface;

import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;

/**
 * Opens the tokenizers that Hugging Face checkpoints come with: {@code tokenizer.json}, or the {@code vocab.txt} and
 * {@code tokenizer_config.json} of older BERT checkpoints. Found by the service loader.
 */
public final class HuggingFaceTokenizerProvider implements TokenizerProvider {

    /** A provider, as the service loader makes it. */
    public HuggingFaceTokenizerProvider() {}

    @Override
    public String name() {
        return "huggingface";
    }

    @Override
    public boolean supports(ModelFiles files) {
        return files.has(TokenizerDefinition.DEFINITION) || files.has(TokenizerDefinition.VOCABULARY);
    }

    @Override
    public Tokenizer open(ModelFiles files) {
        return HuggingFaceTokenizer.open(TokenizerDefinition.read(files));
    }
}
