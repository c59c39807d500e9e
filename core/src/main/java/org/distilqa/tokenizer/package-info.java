/**
 * What a tokenizer implements, and BERT's tokenizer in Java.
 *
 * <p>In comes a text; out goes a {@link org.distilqa.tokenizer.TokenizedText}: the tokens' ids, their places in the text in UTF-16
 * units, and the words that they are parts of. Read {@link org.distilqa.tokenizer.Tokenizer} first.
 * {@link org.distilqa.tokenizer.Tokenizers} opens the one that a model's files describe: BERT's WordPiece here
 * ({@code BertTokenizerDefinition} reads the files, {@code BertNormalizer} prepares a text, {@code WordPieceTokenizer} splits it with
 * the trie {@code WordPieces}), any other through a {@link org.distilqa.tokenizer.TokenizerProvider}.
 */
package org.distilqa.tokenizer;
