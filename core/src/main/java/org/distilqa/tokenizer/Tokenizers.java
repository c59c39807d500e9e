package org.distilqa.tokenizer;

import java.util.Optional;
import org.distilqa.InvalidModelException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.internal.LibraryFault;
import org.distilqa.internal.Services;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.definition.TokenizerFiles;

/**
 * Opens the tokenizer of a model. Those of BERT's kind ({@code vocab.txt}, or a {@code tokenizer.json} of a BertNormalizer, a
 * BertPreTokenizer and WordPiece) are always read by DistilQA itself, in Java; others by the {@link TokenizerProvider}s on the
 * class path. Safe for use by many threads.
 *
 * <p>Nothing in the files is trusted. Each has at most 64 MiB, a token at most 1,000 characters, a vocabulary 4,000,000 tokens of
 * 16,000,000 characters together, and the tokens added to it are at most 100,000 with 4,000,000 characters.
 */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * Opens the tokenizer of a model.
     *
     * @param files the model's files
     * @return the tokenizer, which the caller closes
     * @throws InvalidModelException if there is none, or a file is malformed, with its location and the reason
     * @throws QuestionAnsweringException if it is of another kind than BERT's and nothing on the class path reads it
     */
    public static Tokenizer open(ModelFiles files) {
        Optional<BertTokenizerDefinition> bert = BertTokenizerDefinition.read(files);
        if (bert.isPresent()) {
            return new WordPieceTokenizer(bert.get());
        }
        Services<TokenizerProvider> found = Services.load(TokenizerProvider.class);
        for (TokenizerProvider provider : found.providers()) {
            try {
                if (provider.supports(files)) {
                    return provider.open(files);
                }
            } catch (Error e) {
                LibraryFault.rethrowUnlessOne(e);
                throw new QuestionAnsweringException(
                        "the tokenizer " + provider.name() + " cannot be used: " + LibraryFault.explain(e), e);
            }
        }
        throw unreadable(files, found);
    }

    private static QuestionAnsweringException unreadable(ModelFiles files, Services<TokenizerProvider> found) {
        if (!files.has(TokenizerFiles.DEFINITION)) {
            return new InvalidModelException(files.location()
                    + ": there is no tokenizer; it needs tokenizer.json, or vocab.txt with tokenizer_config.json");
        }
        return new QuestionAnsweringException(files.location(TokenizerFiles.DEFINITION)
                + ": is not a tokenizer of BERT's kind (BertNormalizer, BertPreTokenizer and WordPiece), which alone"
                + " distilqa-core reads; add a dependency on distilqa-tokenizer"
                + String.join(
                        "",
                        found.failures().stream().map(failure -> "; " + failure).toList()));
    }
}
