package org.distilqa.tokenizer.huggingface;

import java.nio.file.Files;
import java.nio.file.Path;
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
    public boolean supports(Path checkpoint) {
        return Files.exists(checkpoint.resolve("tokenizer.json")) || Files.exists(checkpoint.resolve("vocab.txt"));
    }

    @Override
    public Tokenizer open(Path checkpoint) {
        return HuggingFaceTokenizer.open(TokenizerDefinition.read(checkpoint));
    }
}
