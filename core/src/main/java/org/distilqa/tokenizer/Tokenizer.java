package org.distilqa.tokenizer;

/** Splits text into the tokens of a model's vocabulary. Safe for use by many threads. */
public interface Tokenizer extends AutoCloseable {

    /**
     * The tokens of a text, all of them and no others: nothing is cut off, no special token is added.
     *
     * @param text any text, also empty
     * @return its tokens
     * @throws org.distilqa.InvalidModelException if the tokenizer's definition does not do for this text
     * @throws org.distilqa.ClosedException if the tokenizer was closed
     */
    TokenizedText tokenize(String text);

    /**
     * The token that stands before the question, {@code [CLS]}.
     *
     * @return its id
     */
    int classToken();

    /**
     * The token that stands after the question and after the context, {@code [SEP]}.
     *
     * @return its id
     */
    int separatorToken();

    /**
     * One more than the largest token id.
     *
     * @return the size of the vocabulary, added tokens included
     */
    int vocabularySize();

    /**
     * Whether the network is told by the types of tokens which are the question's and which the context's. Networks without an
     * embedding of token types do not ask.
     *
     * @return whether the context's tokens have type 1; else all tokens have type 0
     */
    default boolean givesTokenTypes() {
        return true;
    }

    /** Frees what the tokenizer holds, after the calls under way. Closing again does nothing. */
    @Override
    void close();
}
