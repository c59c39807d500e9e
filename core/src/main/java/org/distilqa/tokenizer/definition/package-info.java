/**
 * What a checkpoint's files say of its tokenizer. For DistilQA's own modules.
 *
 * <p>In come a {@link org.distilqa.model.ModelFiles}'s {@code tokenizer.json}, {@code tokenizer_config.json} and what stands beside
 * them; out go the tree and the settings that both tokenizers take from them, checked. Read
 * {@link org.distilqa.tokenizer.definition.TokenizerFiles} first.
 */
package org.distilqa.tokenizer.definition;
