package org.distilqa.tokenizer.huggingface;

import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;
import org.distilqa.tokenizer.definition.TokenizerFiles;

/**
 * Opens the tokenizers that a {@code tokenizer.json} defines, of every kind that the Hugging Face tokenizers library knows.
 * Found by the service loader, and asked for those that are not of BERT's kind, which distilqa-core reads itself.
 *
 * <p>A fault in native code ends the whole process, so what a definition asks for has bounds beside those of
 * {@link org.distilqa.tokenizer.Tokenizers}: its normalizer makes no text more than 64 times longer, its post-processor has the text
 * once, {@code max_input_chars_per_word} is at most 1,000, and a regular expression has no repetition of what has a repetition or
 * alternatives in it, no more than two repetitions in a row, and no reference to its groups. Two repetitions in a row can still end the
 * process on a stretch of some thousand characters that both match: a definition with regular expressions should come from somebody
 * who is trusted.
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
