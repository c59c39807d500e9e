package org.distilqa.tokenizer.huggingface;

import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;
import org.distilqa.tokenizer.definition.TokenizerFiles;

/**
 * Opens the tokenizers that a {@code tokenizer.json} defines, of every kind that the Hugging Face tokenizers library knows.
 * Found by the service loader, and asked for those that are not of BERT's kind, which distilqa-core reads itself.
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
        return files.has(TokenizerFiles.DEFINITION);
    }

    @Override
    public Tokenizer open(ModelFiles files) {
        return HuggingFaceTokenizer.open(TokenizerDefinition.read(files));
    }
}
