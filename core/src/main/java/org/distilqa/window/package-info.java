/**
 * From the texts of a request to what the network reads. Not exported.
 *
 * <p>In come a request's texts and a tokenizer; out go {@link org.distilqa.window.Window}s, which is the class to read first:
 * {@code [CLS] question [SEP] context [SEP]}, where the context is a stretch of the whole. On the way there, texts are read as a
 * person reads them ({@link org.distilqa.window.ReadableText}: {@code Ligatures}, {@code LineEndHyphen},
 * {@code InvisibleCharacters}), and passages each by itself ({@link org.distilqa.window.PassageTokens}).
 */
package org.distilqa.window;
