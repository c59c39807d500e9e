/**
 * Hugging Face tokenizers, through the binding of the Deep Java Library, for models whose tokenizer is not of BERT's kind.
 *
 * <p>In comes a model's {@code tokenizer.json}; out goes a {@link org.distilqa.tokenizer.Tokenizer}. Read
 * {@link org.distilqa.tokenizer.huggingface.HuggingFaceTokenizerProvider} first, which the service loader finds. What the file says
 * is read and bounded before native code sees it ({@code TokenizerDefinition}: {@code DefinitionBounds},
 * {@code RegularExpressionBounds}), and special tokens get texts that nobody writes ({@code HiddenTokens}). Then
 * {@code HuggingFaceTokenizer} calls the library, which {@code UnpackedLibrary} has compared with what the jar has.
 */
package org.distilqa.tokenizer.huggingface;
